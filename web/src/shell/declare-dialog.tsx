import { useNavigate } from "@tanstack/react-router";
import { useEffect, useEffectEvent, useState } from "react";
import type { DeclareBody } from "../../../src/api/contract-respond.ts";
import { declareIncident } from "../live/respond-api.ts";
import { useOnCallPage } from "../live/respond-queries.ts";
import { useAction, type Action } from "../live/use-action.ts";
import { incidentSeverities, incidentTypes, severityMeaning, typeWord } from "../model/incident-words.ts";
import { ActionDialog } from "../parts/action-dialog.tsx";
import form from "../parts/form.module.css";
import { Notice } from "../parts/notice.tsx";

/** Declares an incident in one step: a title is enough. Afterwards its page opens. */
export function DeclareDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  return isOpen ? <Declare onClose={onClose} /> : null;
}

/** Sent twice by a person or a network in trouble, it is one incident all the same. */
const newKey = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

function Declare({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const known = useAction<"declare">();
  const [idempotencyKey] = useState(newKey);
  const [body, setBody] = useState<DeclareBody>({ title: "" });
  const { step } = known;
  const action: Action<"declare"> = {
    ...known,
    close() {
      known.close();
      onClose();
    },
  };
  const open = useEffectEvent(() => known.ask("declare"));
  useEffect(() => open(), []);
  const title = body.title.trim();
  return (
    <ActionDialog
      action={action}
      name="declare"
      title="Declare an incident"
      confirm="Declare"
      isIncomplete={title === ""}
      isRefusalShown
      call={async (token) => {
        const answer = await declareIncident({ ...body, title, idempotencyKey }, token);
        onClose();
        void navigate({ to: "/incidents/$reference", params: { reference: answer.reference } });
        return answer;
      }}
    >
      {step.kind === "failed" && (
        <Notice tone="bad" title={`Nothing was declared for certain. ${step.failure.message}`} role="alert">
          Declaring again with the same dialog makes one incident, not two.
        </Notice>
      )}
      <label className={form.field}>
        What is wrong
        <input
          required
          autoFocus
          autoComplete="off"
          maxLength={200}
          value={body.title}
          onChange={(event) => setBody({ ...body, title: event.target.value })}
        />
      </label>
      <Choices body={body} onChange={setBody} />
      <p className={form.hint}>
        The title is enough. Scope, victims and causes are looked for by themselves, and everything can be changed
        later.
      </p>
    </ActionDialog>
  );
}

/** What may be said at once, and need not be. */
function Choices({ body, onChange }: { body: DeclareBody; onChange: (body: DeclareBody) => void }) {
  const { data: onCall } = useOnCallPage();
  const policies = onCall?.policies ?? [];
  /** "" takes the field away. */
  const choose = (part: Partial<Record<"severity" | "type" | "page", string>>) => {
    const next = { ...body, ...part };
    onChange(
      Object.fromEntries(
        Object.entries(next).filter(([name, value]) => name === "title" || value !== ""),
      ) as unknown as DeclareBody,
    );
  };
  return (
    <>
      <label className={form.field}>
        Severity
        <select value={body.severity ?? ""} onChange={(event) => choose({ severity: event.target.value })}>
          <option value="">not chosen</option>
          {incidentSeverities.map((severity) => (
            <option key={severity} value={severity}>
              {severity}: {severityMeaning[severity]}
            </option>
          ))}
        </select>
      </label>
      <label className={form.field}>
        Type
        <select value={body.type ?? ""} onChange={(event) => choose({ type: event.target.value })}>
          <option value="">not chosen</option>
          {incidentTypes.map((type) => (
            <option key={type} value={type}>
              {typeWord(type)}
              {type === "vulnerability" && " (embargoed: responders only)"}
            </option>
          ))}
        </select>
      </label>
      <label className={form.field}>
        Page
        <select
          value={body.page ?? ""}
          disabled={policies.length === 0}
          onChange={(event) => choose({ page: event.target.value })}
        >
          <option value="">{policies.length === 0 ? "nobody: no policy is configured" : "nobody"}</option>
          {policies.map(({ name }) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
    </>
  );
}
