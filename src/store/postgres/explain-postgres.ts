import { DatabaseError } from "pg";
import { AppError } from "../../lib/app-error.ts";

/** Where a store is, for messages: nothing of it is secret. */
export interface PostgresTarget {
  user: string;
  host: string;
  port: number;
  database: string;
  /** Where the URL came from: "env SLOTKEEPER_DATABASE_URL". */
  origin: string;
  /** What no message may show. */
  hidden: readonly string[];
}

interface Explained {
  code: string;
  what: string;
  isRetryable?: boolean;
}

/** What a person does about it, by SQLSTATE (PostgreSQL's manual, appendix A): the whole code, else its class. */
function byState(state: string, { user, host, port, database, origin }: PostgresTarget): Explained | undefined {
  const known: Readonly<Record<string, Explained>> = {
    "28": {
      code: "store-unauthorized",
      what: `PostgreSQL at ${host}:${port} does not let ${user} in. Check user and password in ${origin}, and the server's pg_hba.conf`,
    },
    "3D000": {
      code: "store-database-missing",
      what: `PostgreSQL at ${host}:${port} has no database ${database}. Create it: createdb --host=${host} --port=${port} --owner=${user} ${database}`,
    },
    "42501": {
      code: "store-forbidden",
      what: `PostgreSQL does not let ${user} do this in ${database}. Make it the owner: ALTER DATABASE "${database}" OWNER TO "${user}"; GRANT CREATE, USAGE ON SCHEMA public TO "${user}"`,
    },
    "25006": {
      code: "store-read-only",
      what: `PostgreSQL at ${host}:${port} only answers reads: it is a replica, or set to read only. Name the primary in ${origin}`,
      isRetryable: true,
    },
    "53100": {
      code: "store-full",
      what: `the disk of PostgreSQL at ${host}:${port} is full. Free space there`,
      isRetryable: true,
    },
    "53300": {
      code: "store-unreachable",
      what: `PostgreSQL at ${host}:${port} has no connection left. Raise its max_connections, or end what holds them`,
      isRetryable: true,
    },
    "57014": {
      code: "store-timeout",
      what: `PostgreSQL at ${host}:${port} took too long for one statement. Look at its load and its locks (pg_stat_activity)`,
      isRetryable: true,
    },
    "55P03": {
      code: "store-timeout",
      what: `somebody else holds a lock in ${database} for long. Look at pg_stat_activity`,
      isRetryable: true,
    },
    "40": {
      code: "store-conflict",
      what: `PostgreSQL gave up one of two transactions that met. It is tried again`,
      isRetryable: true,
    },
    "57P": unreachable(host, port),
    "25P03": unreachable(host, port),
    "08": unreachable(host, port),
  };
  return known[state] ?? known[state.slice(0, 3)] ?? known[state.slice(0, 2)];
}

function unreachable(host: string, port: number): Explained {
  return {
    code: "store-unreachable",
    what: `PostgreSQL at ${host}:${port} does not answer. Check that it runs and that this machine reaches it`,
    isRetryable: true,
  };
}

/**
 * The error as an `AppError` with what to do next, where it is about reaching or using the server: `store-unauthorized`, `store-unreachable`,
 * `store-database-missing`, `store-forbidden`, `store-read-only`, `store-full`, `store-timeout`, `store-conflict`, `store-tls`. Any other
 * (a constraint, a defect) comes back as it is. `action`: "open the store".
 */
export function explainPostgres(error: unknown, action: string, target: PostgresTarget): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  if (error instanceof AppError || error instanceof TypeError || error instanceof RangeError) return error;
  const explained =
    error instanceof DatabaseError ? byState(error.code ?? "", target) : byConnection(error, target.host, target.port);
  if (!explained) return error;
  const { code, what, isRetryable } = explained;
  return new AppError(`${action}: ${what}.`, {
    code,
    cause: new Error(withoutSecrets(error.message || String(Reflect.get(error, "code")), target)),
    ...(isRetryable !== undefined && { retryable: isRetryable }),
  });
}

/** What is no answer of the server comes from the socket under it, or from the certificate. */
function byConnection(error: Error, host: string, port: number): Explained {
  const code = String(Reflect.get(error, "code") ?? "");
  if (/CERT|TLS|SSL|SIGNATURE|SELF_SIGNED/.test(code) || /\bSSL\b|certificate/i.test(error.message))
    return {
      code: "store-tls",
      what: `no trusted TLS connection to PostgreSQL at ${host}:${port}. Check sslmode and sslrootcert in the URL, and the server's certificate`,
    };
  return unreachable(host, port);
}

function withoutSecrets(message: string, { hidden }: PostgresTarget): string {
  return hidden.reduce((shown, secret) => shown.replaceAll(secret, "***"), message).slice(0, 300);
}
