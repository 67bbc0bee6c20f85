import type { GroupContext } from "../context.ts";
import { rawHeader } from "../http/check-headers.ts";
import { isJson } from "../http/media-type.ts";
import { FanOut } from "../send/fan-out.ts";
import { createMemberAnswers, type Member } from "./answer-members.ts";
import { sendAlone, type Publishing } from "./send-publish.ts";
import { loserDeadline, outgoing, publishTargets } from "./targets.ts";

/** Publishes of many clients that came at the same moment, as clients do when a duty is due: one call to each node. */
export interface Publishes {
  /** `itemCount`: of the list that the body is, where it has been read. */
  add(publishing: Publishing, itemCount?: number): void;
}

interface Batch {
  members: Member[];
  items: number;
  bytes: number;
  deadlineAt: number;
}

/** One call takes at most so much: nodes bound their bodies, and one that is lost should not be everybody's. */
const mostMembers = 64;
const mostBytes = 262_144;
/** Whoever has so much less time left than the first (its body was long under way) goes alone. */
const deadlineSlackMs = 100;

const [opening, closing] = [0x5b, 0x5d];
const [bracket, comma, bracketEnd] = [Buffer.from("["), Buffer.from(","), Buffer.from("]")];

/**
 * Merges lists for the same route with the same headers that arrive in the same turn of the event loop: nobody waits for
 * anybody. What a node refuses goes back to the client whose item it was; a node that does not say whose it was is asked
 * again with each client's own body, once nobody else is waited for.
 */
export function createPublishes(context: GroupContext): Publishes {
  const batches = new Map<string, Batch>();

  function flush(): void {
    const all = [...batches.values()];
    batches.clear();
    for (const batch of all) send(batch);
  }

  function send({ members, deadlineAt }: Batch): void {
    const [first] = members;
    if (!first) return;
    if (members.length === 1) return sendAlone(first.publishing);
    context.counters.merged += members.length;
    const parts: Buffer[] = [];
    for (const { body } of members) parts.push(parts.length === 0 ? bracket : comma, body.subarray(1, -1));
    parts.push(bracketEnd);
    const body = Buffer.concat(parts);
    const answers = createMemberAnswers(members);
    const fan = new FanOut(
      {
        context,
        route: first.publishing.exchange.route,
        onGone: undefined,
        note(node, outcome, status, startedAt, words) {
          for (const { publishing } of answers.open())
            publishing.exchange.note(node, outcome, status, startedAt, words);
        },
      },
      { softAt: Infinity, deadlineAt, loserDeadlineAt: loserDeadline(context), decide: answers.decide },
    );
    fan.start(outgoing(first.publishing.exchange, body), publishTargets(context));
  }

  return {
    add(publishing, itemCount) {
      const { exchange, body, kept } = publishing;
      const count = body && kept === undefined && mayMerge(publishing) ? (itemCount ?? countItems(body)) : 0;
      if (!body || count === 0 || body[0] !== opening || body.at(-1) !== closing) return sendAlone(publishing);
      const { forward } = exchange.headers;
      // The request's own id stands last: of all who are merged, the first one's goes to the node.
      const key = `${exchange.target}\n${forward.slice(0, -2).join("\n")}`;
      const deadlineAt = exchange.deadlineAt();
      let batch = batches.get(key);
      if (batch && (batch.members.length >= mostMembers || batch.bytes + body.length > mostBytes)) {
        batches.delete(key);
        send(batch);
        batch = undefined;
      }
      if (!batch) {
        if (batches.size === 0) context.clock.soon(flush);
        batch = { members: [], items: 0, bytes: 0, deadlineAt };
        batches.set(key, batch);
      }
      if (Math.abs(deadlineAt - batch.deadlineAt) > deadlineSlackMs) return sendAlone(publishing);
      batch.members.push({ publishing, body, span: { first: batch.items, count } });
      batch.items += count;
      batch.bytes += body.length;
    },
  };
}

function mayMerge({ exchange, body }: Publishing): boolean {
  const { route, headers } = exchange;
  if (!route.mayRepeat || !body || body.length > mostBytes / 4 || headers.contentEncoding !== "") return false;
  return isJson(rawHeader(headers.forward, "content-type") ?? "");
}

/** Items of a JSON list; 0 where it is none, so that it goes alone and its client hears what the node says of it. */
function countItems(body: Buffer): number {
  try {
    const list: unknown = JSON.parse(body.toString("utf8"));
    return Array.isArray(list) ? list.length : 0;
  } catch {
    return 0;
  }
}
