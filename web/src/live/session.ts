import type { LoginAnswer, LoginBody, Me, SetupBody } from "../../../src/api/contract-access.ts";
import { ApiFailure, callJson, onRefusedRead, post } from "./api.ts";
import { onSession, readSession, setSession } from "./session-state.ts";
import { forgetToken, sessionProof } from "./token.ts";

let asking: Promise<void> | undefined;

/** Asks the server who this browser is; several at once ask once. Where it does not answer, what was known stays. */
export function refreshSession(): Promise<void> {
  asking ??= askWho().finally(() => (asking = undefined));
  return asking;
}

async function askWho(): Promise<void> {
  try {
    const { user, csrf } = await callJson<Me>("/api/v1/me", {});
    setSession(
      user?.kind === "user" && csrf !== undefined
        ? { kind: "user", name: user.name, role: user.role, csrf }
        : { kind: "nobody", isLoginNeeded: false },
    );
  } catch (error) {
    if (error instanceof ApiFailure && error.status === 401) setSession({ kind: "nobody", isLoginNeeded: true });
  }
}

const open = async (path: "login" | "setup", body: LoginBody | SetupBody): Promise<void> => {
  const { name, role, csrf } = await callJson<LoginAnswer>(`/api/v1/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  forgetToken();
  setSession({ kind: "user", name, role, csrf });
};

/** Opens a session. Throws `ApiFailure` with the server's words. */
export const login = (body: LoginBody) => open("login", body);
/** Makes the first admin with the code of the printed link, and opens a session. */
export const setUp = (body: SetupBody) => open("setup", body);

export async function logout(): Promise<void> {
  forgetToken();
  if (readSession().kind === "user") await post<{ done: string }>("logout", sessionProof);
  await refreshSession();
}

/** Learns who asks, again whenever a read is refused, and tells when nothing can be read without logging in. */
export function followSession(onLoginNeeded: () => void): void {
  onSession(() => {
    const session = readSession();
    if (session.kind === "nobody" && session.isLoginNeeded) onLoginNeeded();
  });
  onRefusedRead(() => void refreshSession());
  void refreshSession();
}
