import type { Action } from "../live/use-action.ts";
import { Dialog } from "./dialog.tsx";
import { ProofForm } from "./proof-form.tsx";

/** For changes that need no confirmation: asks who asks, where neither a session nor a token tells. */
export function ProofDialog<N extends string>({ action }: { action: Action<N> }) {
  const { step } = action;
  if (step.kind !== "token") return null;
  return (
    <Dialog isOpen onClose={action.close} title="Log in to go on">
      <ProofForm refused={step.refused} onCancel={action.close} onLoggedIn={action.goOn} onToken={action.giveToken} />
    </Dialog>
  );
}
