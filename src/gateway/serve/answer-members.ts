import { linksOf } from "../context.ts";
import { memberView, unclearNodes, type Span } from "../policies/member-answers.ts";
import { FanOut, type FanOutState } from "../send/fan-out.ts";
import { answer, type Publishing } from "./send-publish.ts";
import { loserDeadline, outgoing } from "./targets.ts";

/** One client's part of a merged call. */
export interface Member {
  publishing: Publishing;
  body: Buffer;
  span: Span;
}

/** Answers the clients of a merged call. */
export interface MemberAnswers {
  /** Who has no answer yet. */
  open(): readonly Member[];
  /** For the merged call's fan-out. */
  decide(state: FanOutState): boolean;
}

/** A node that has not said whose items it refused, asked again with one client's own body. */
type OwnStates = Map<string, FanOutState>;

export function createMemberAnswers(members: readonly Member[]): MemberAnswers {
  const own = new Map<Member, OwnStates>(members.map((member) => [member, new Map()]));
  let open: readonly Member[] = members;
  let latest: FanOutState | undefined;

  function settle(): void {
    const state = latest;
    if (!state) return;
    open = open.filter((member) => {
      const view = memberView(state, member.span, own.get(member) ?? new Map());
      return !answer(member.publishing, view);
    });
  }

  function askAgain(node: string, isReady: boolean): void {
    for (const member of open) {
      const states = own.get(member);
      const { exchange, body } = member.publishing;
      const [link] = linksOf(exchange.context, [node]);
      if (!states || states.has(node) || !link) continue;
      states.set(node, { answers: [], pending: [{ node, isReady }], isLate: false, isExpired: false });
      const fan = new FanOut(exchange, {
        softAt: Infinity,
        deadlineAt: exchange.deadlineAt(),
        loserDeadlineAt: loserDeadline(exchange.context),
        decide(state) {
          states.set(node, state);
          settle();
          return !open.includes(member);
        },
      });
      fan.start(outgoing(exchange, body), [{ link, isReady }]);
    }
  }

  return {
    open: () => open,
    decide(state) {
      latest = state;
      settle();
      // A ready node's word on all of it may still come, and then nobody needs the other's.
      if (open.length > 0 && !state.isExpired && !state.pending.some(({ isReady }) => isReady))
        for (const { node, isReady } of unclearNodes(state)) askAgain(node, isReady);
      return open.length === 0;
    },
  };
}
