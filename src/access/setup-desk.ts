import type { Clock } from "../lib/clock.ts";
import { secretEqual } from "../lib/secret-equal.ts";
import type { AccessDesk, OpenedSession } from "./access-desk.ts";
import { addFailure, loginWait, type LoginFailures } from "./login-throttle.ts";
import { accessRefusal } from "./refusal.ts";
import { newSecret, secretHash } from "./secrets.ts";

/** Small facts by name; the `settings` of the store. */
export interface SetupStore {
  get(name: string): Promise<string | undefined>;
  set(name: string, value: string, at: number): Promise<void>;
}

/** How the first admin comes to be: by a code that is told once, to whoever started Slotkeeper. */
export interface SetupDesk {
  /** A new code, in place of any before it; `undefined`: there are users, and nothing to set up. */
  makeCode(): Promise<string | undefined>;
  /**
   * Makes the first admin and logs them in.
   * @throws `AppError` `setup-over`, `setup-code-wrong`, `setup-code-expired`, `login-throttled`, or why the name or password will not do
   */
  redeem(code: string, name: string, password: string, from: string): Promise<OpenedSession>;
}

/** A day, for whoever starts it in the evening. */
export const setupCodeMs = 86_400_000;

const settingName = "access.setup-code";

/** What is kept of a code. The empty hash is nobody's. */
interface KeptCode {
  hash: string;
  expiresAt: number;
}

interface SetupParts {
  people: Pick<AccessDesk, "users" | "addUser" | "login">;
  store: SetupStore;
  clock: Clock;
}

export function createSetupDesk({ people, store, clock }: SetupParts): SetupDesk {
  let failures: LoginFailures = new Map();
  let isRedeeming = false;

  async function kept(): Promise<KeptCode | undefined> {
    const text = await store.get(settingName);
    return text === undefined ? undefined : (JSON.parse(text) as KeptCode);
  }

  const keep = (code: KeptCode) => store.set(settingName, JSON.stringify(code), clock.now());

  async function refuseUnknown(code: string, from: string): Promise<void> {
    const known = await kept();
    if (known === undefined || known.hash === "" || !secretEqual(secretHash(code), known.hash)) {
      failures = addFailure(failures, [`from ${from}`], clock.now());
      throw accessRefusal("setup-code-wrong");
    }
    if (clock.now() >= known.expiresAt) throw accessRefusal("setup-code-expired");
  }

  async function redeemAlone(code: string, name: string, password: string, from: string): Promise<OpenedSession> {
    const waitMs = loginWait(failures, [`from ${from}`], clock.now());
    if (waitMs > 0) throw accessRefusal("login-throttled", `Try again in ${Math.ceil(waitMs / 1000)} s.`);
    // Before the code is looked at: once there is a user, nothing is told about codes any more.
    if ((await people.users()).length > 0) throw accessRefusal("setup-over");
    await refuseUnknown(code, from);
    await people.addUser(name, password, "admin");
    await keep({ hash: "", expiresAt: 0 });
    return people.login(name, password, from);
  }

  return {
    async makeCode() {
      if ((await people.users()).length > 0) return undefined;
      const code = newSecret();
      await keep({ hash: secretHash(code), expiresAt: clock.now() + setupCodeMs });
      return code;
    },
    async redeem(code, name, password, from) {
      // Hashing a password takes a while: two that come at once must not both find that there is no user.
      if (isRedeeming)
        throw accessRefusal("login-throttled", "Somebody is setting up right now: try again in a second.");
      isRedeeming = true;
      try {
        return await redeemAlone(code, name, password, from);
      } finally {
        isRedeeming = false;
      }
    },
  };
}

/**
 * The one-time link for the first admin, to be printed at the start; `undefined` where there are users already.
 * `pageUrl` is where the page is reached: "http://127.0.0.1:7380".
 */
export async function setupLink(setup: Pick<SetupDesk, "makeCode">, pageUrl: string): Promise<string | undefined> {
  const code = await setup.makeCode();
  return code === undefined ? undefined : `${pageUrl.replace(/\/+$/, "")}/login?setup=${code}`;
}
