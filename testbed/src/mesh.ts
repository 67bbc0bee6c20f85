import { getJson, postJson } from "./beacon-api.ts";

/** A node as the mesh sees it; `isUp` is asked at each round. */
export type MeshMember = {
  readonly name: string;
  readonly url: string;
  readonly p2pPort: number;
  readonly isUp: boolean;
  /** Kept apart from all others. */
  readonly isIsolated: boolean;
};

export type Mesh = {
  /** Connected peers by node name at the last round; null for a node that is down or did not answer. */
  readonly peers: ReadonlyMap<string, number | null>;
  /** Every node that is up is connected to every other one, and isolated ones to none. */
  readonly isComplete: boolean;
  stop(): Promise<void>;
};

const eagerMs = 200;
const steadyMs = 2_000;

/** Keeps all nodes connected to each other, as discovery would: Lodestar 1.5.1 finds nobody on a loopback network. */
export function startMesh(members: readonly MeshMember[]): Mesh {
  const stopping = new AbortController();
  const mesh = { peers: new Map<string, number | null>(), isComplete: false };
  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await connectRound(members, mesh, stopping.signal);
      await pause(mesh.isComplete ? steadyMs : eagerMs, stopping.signal);
    }
  };
  const done = loop();
  return {
    peers: mesh.peers,
    get isComplete() {
      return mesh.isComplete;
    },
    stop: async () => {
      stopping.abort();
      await done;
    },
  };
}

type Seen = { member: MeshMember; peerId: string; connected: ReadonlySet<string> };

async function connectRound(
  members: readonly MeshMember[],
  mesh: { peers: Map<string, number | null>; isComplete: boolean },
  signal: AbortSignal,
): Promise<void> {
  const up = members.filter((member) => member.isUp);
  const seen = (await Promise.all(up.map((member) => look(member, signal)))).filter((one) => one !== null);
  let isComplete = seen.length === up.length;
  for (const member of members) mesh.peers.set(member.name, null);
  for (const one of seen) mesh.peers.set(one.member.name, one.connected.size);
  for (const [i, from] of seen.entries()) {
    for (const to of seen.slice(i + 1)) {
      if (from.member.isIsolated || to.member.isIsolated) {
        if (from.connected.has(to.peerId)) {
          isComplete = false;
          await disconnect(from, to, signal);
        }
        continue;
      }
      if (from.connected.has(to.peerId) && to.connected.has(from.peerId)) continue;
      isComplete = false;
      const query = new URLSearchParams({ peerId: to.peerId, multiaddr: `/ip4/127.0.0.1/tcp/${to.member.p2pPort}` });
      const path = `/eth/v1/lodestar/connect_peer?${query.toString()}`;
      // A refused dial is tried again in the next round.
      await postJson(from.member.url, path, undefined, { signal, timeoutMs: 3_000 }).catch(() => undefined);
    }
  }
  mesh.isComplete = isComplete;
}

async function disconnect(from: Seen, to: Seen, signal: AbortSignal): Promise<void> {
  const path = `/eth/v1/lodestar/disconnect_peer?${new URLSearchParams({ peerId: to.peerId }).toString()}`;
  // Refused where they parted meanwhile; the next round looks again.
  await postJson(from.member.url, path, undefined, { signal, timeoutMs: 3_000 }).catch(() => undefined);
}

/** The peer id changes at every start of a node, so it is asked anew each time. */
async function look(member: MeshMember, signal: AbortSignal): Promise<Seen | null> {
  const options = { signal, timeoutMs: 1_500 };
  try {
    const [identity, peers] = await Promise.all([
      getJson<{ data: { peer_id: string } }>(member.url, "/eth/v1/node/identity", options),
      getJson<{ data: { peer_id: string }[] }>(member.url, "/eth/v1/node/peers?state=connected", options),
    ]);
    return { member, peerId: identity.data.peer_id, connected: new Set(peers.data.map((peer) => peer.peer_id)) };
  } catch {
    return null;
  }
}

/** Resolves after `ms` or at the abort; does not keep the process alive. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(resolve, ms);
    timer.unref();
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}
