import type { Resolve } from "../http/admit.ts";
import { compileBlocks, plainAddress } from "./addresses.ts";
import { compileTokens, tokenOf } from "./credentials.ts";
import type { PlaceHolder } from "./fair-share.ts";
import type { NamedClient } from "./named-client.ts";
import type { RouteRules } from "./route-rules.ts";

/** What is counted of one named client; all others are counted together. */
export interface ClientTally {
  /** Name of a client in the configuration, or `(other)`, which no client can be named. */
  readonly label: string;
  requests: number;
  overloaded: number;
  refused: number;
}

/** Who sends: a named client, or an address. One object for all its sockets. */
export interface ClientIdentity extends PlaceHolder {
  /** The client's name, or its address. */
  readonly name: string;
  /** Is it one of the configuration? */
  readonly isKnown: boolean;
  readonly tally: ClientTally;
  /** Which route serves a path for it. */
  readonly resolve: Resolve;
  sockets: number;
}

/** What tells who sends: facts of the connection, and the header of the request. */
export interface Credentials {
  address: string;
  /** Subject CN of a client certificate that was verified. */
  certificateName: string | undefined;
  authorization: string | undefined;
}

export interface ClientRules {
  clients: readonly NamedClient[];
  /** Refuse whoever is none of them? */
  requireKnownClients: boolean;
  /** Of the gateway and of the group. */
  routeRules: readonly RouteRules[];
}

/** Tells who sends a request. Called once for a socket and header value; the hot path asks the socket. */
export interface ClientBook {
  /** Counts up with each `replace`: identities found before are stale. */
  readonly generation: number;
  readonly mustBeKnown: boolean;
  /** Does any client have a token? Then a refusal asks for one. */
  readonly hasTokens: boolean;
  find(credentials: Credentials): ClientIdentity;
  opened(identity: ClientIdentity): void;
  /** An address without sockets is forgotten. */
  closed(identity: ClientIdentity): void;
  replace(rules: ClientRules): void;
  tallies(): Iterable<ClientTally>;
}

export function createClientBook(
  rules: ClientRules,
  makeResolve: (rules: readonly RouteRules[]) => Resolve,
): ClientBook {
  const tallies = new Map<string, ClientTally>();
  const byAddress = new Map<string, ClientIdentity>();
  const others = tallyOf("(other)");
  let generation = 0;
  let current = compile(rules);

  function tallyOf(label: string): ClientTally {
    const tally = tallies.get(label) ?? { label, requests: 0, overloaded: 0, refused: 0 };
    tallies.set(label, tally);
    return tally;
  }

  function compile({ clients, requireKnownClients, routeRules }: ClientRules) {
    const resolve = makeResolve(routeRules);
    const named = clients.map((client): { client: NamedClient; identity: ClientIdentity } => ({
      client,
      identity: {
        name: client.name,
        isKnown: true,
        tally: tallyOf(client.name),
        resolve: client.routes ? makeResolve([...routeRules, client.routes]) : resolve,
        sockets: 0,
        held: [0, 0, 0],
      },
    }));
    return {
      resolve,
      mustBeKnown: requireKnownClients,
      hasTokens: clients.some(({ token }) => token !== undefined),
      byCertificate: new Map(named.map(({ client, identity }) => [client.certificateName, identity])),
      byToken: compileTokens(
        named.flatMap(({ client: { token }, identity }) => (token === undefined ? [] : [[token, identity] as const])),
      ),
      byBlock: compileBlocks(
        named.flatMap(({ client, identity }) => client.addresses.map((block) => [block, identity] as const)),
      ),
    };
  }

  function stranger(name: string): ClientIdentity {
    let identity = byAddress.get(name);
    if (!identity) {
      identity = { name, isKnown: false, tally: others, resolve: current.resolve, sockets: 0, held: [0, 0, 0] };
      byAddress.set(name, identity);
    }
    return identity;
  }

  return {
    get generation() {
      return generation;
    },
    get mustBeKnown() {
      return current.mustBeKnown;
    },
    get hasTokens() {
      return current.hasTokens;
    },
    find({ address, certificateName, authorization }) {
      const token = authorization === undefined || !current.hasTokens ? undefined : tokenOf(authorization);
      const plain = plainAddress(address);
      return (
        (token === undefined ? undefined : current.byToken(token)) ??
        (certificateName === undefined ? undefined : current.byCertificate.get(certificateName)) ??
        current.byBlock(plain) ??
        stranger(plain)
      );
    },
    opened: (identity) => void identity.sockets++,
    closed(identity) {
      if (--identity.sockets <= 0 && !identity.isKnown && byAddress.get(identity.name) === identity)
        byAddress.delete(identity.name);
    },
    replace(next) {
      generation++;
      byAddress.clear();
      current = compile(next);
    },
    tallies: () => tallies.values(),
  };
}
