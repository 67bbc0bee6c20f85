import { createHash } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { AppError } from "../lib/app-error.ts";
import type { AuditedChange } from "./audited.ts";
import type { OverrideBody, TestPageAnswer, TestPageBody } from "./contract-oncall.ts";
import type { RespondPorts, Told } from "./ports-respond.ts";
import { postChange } from "./post-change.ts";
import { name, pathOf } from "./schema-words.ts";
import {
  answers,
  instantOfQuery,
  longestOverrideMs,
  overrideBody,
  testPageAnswer,
  testPageBody,
} from "./schemas-respond.ts";

/** Two years of shifts are more than anybody reads, and still quick to compute. */
const longestRangeMs = 732 * 86_400_000;

/** Who is on call; overrides; test pages; the calendar. */
export function onCallRoutes(app: FastifyInstance, ports: RespondPorts, change: AuditedChange): void {
  app.get<{ Querystring: { from?: number; to?: number } }>(
    "/api/v1/oncall",
    {
      schema: {
        summary:
          "Who is on call now and next, shifts, gaps, people, policies, findings; the next 14 days unless asked otherwise.",
        querystring: { type: "object", properties: { from: instantOfQuery, to: instantOfQuery } },
        response: answers("OnCallPage"),
      },
    },
    ({ query: { from, to } }) => {
      if (from !== undefined && to !== undefined) checkRange("show shifts", from, to, longestRangeMs);
      return ports.onCall({ ...(from !== undefined && { from }), ...(to !== undefined && { to }) });
    },
  );
  calendarRoute(app, ports);

  postChange<unknown, OverrideBody, Told>(app, change, {
    path: "/api/v1/oncall/overrides",
    summary: "Puts one person on call instead of whoever the schedule names.",
    ...{ action: "oncall.override", body: overrideBody },
    target: (_, { schedule }) => schedule,
    made: ({ done }) => done,
    act(_, body, by) {
      checkRange("override the schedule", body.fromAt, body.toAt, longestOverrideMs);
      return ports.addOverride(body, by);
    },
  });
  postChange<{ id: string }, unknown, Told>(app, change, {
    path: "/api/v1/oncall/overrides/:id/remove",
    summary: "Takes an override away: the schedule holds again.",
    ...{ action: "oncall.override-remove", params: pathOf({ id: name }) },
    target: ({ id }) => `override ${id}`,
    act: ({ id }, _, by) => ports.removeOverride(id, by),
  });
  postChange<unknown, TestPageBody, Omit<TestPageAnswer, "auditId">>(app, change, {
    path: "/api/v1/oncall/test",
    summary: "Sends test pages: to one person or whoever is on call, by one channel or all. They are marked as tests.",
    ...{ action: "page.test", body: testPageBody, answer: testPageAnswer },
    target: (_, { person, channel }) =>
      `${person ?? "everybody on call"}${channel === undefined ? "" : ` by ${channel}`}`,
    made: ({ pages }) => `${pages.length} pages`,
    act: (_, body, by) => ports.testPage(body, by),
  });
}

function calendarRoute(app: FastifyInstance, ports: RespondPorts): void {
  app.get<{ Params: { schedule: string } }>(
    "/api/v1/oncall/:schedule/calendar.ics",
    {
      schema: {
        summary: "Shifts of the next 90 days as iCalendar (RFC 5545), with an ETag.",
        ...{ params: pathOf({ schedule: name }), produces: ["text/calendar"] },
        response: { 200: { type: "string" } },
      },
    },
    ({ params: { schedule }, headers }, reply) => {
      const text = ports.calendar(schedule);
      if (text === undefined)
        throw new AppError(`There is no schedule ${schedule}. \`GET /api/v1/oncall\` names those that exist.`, {
          code: "not-found",
        });
      const tag = `"${createHash("sha256").update(text).digest("base64url")}"`;
      // Kept, and asked for again each time: no-store, as all else has it, would make a calendar program read it whole.
      reply.header("etag", tag).header("cache-control", "private, no-cache");
      if (isSame(headers["if-none-match"], tag)) return reply.code(304).send();
      return reply.type("text/calendar; charset=utf-8").send(text);
    },
  );
}

/** RFC 9110, 13.1.2: a list of tags, weak ones compare like strong ones, `*` is any. */
function isSame(header: string | undefined, tag: string): boolean {
  const tags = (header ?? "").split(",").map((each) => each.trim().replace(/^W\//, ""));
  return tags.includes(tag) || tags.includes("*");
}

function checkRange(what: string, fromAt: number, toAt: number, longestMs: number): void {
  if (fromAt < toAt && toAt - fromAt <= longestMs) return;
  const days = Math.round(longestMs / 86_400_000);
  throw new AppError(`${what}: the end must come after the beginning, by ${days} days at most.`, {
    code: "bad-request",
  });
}
