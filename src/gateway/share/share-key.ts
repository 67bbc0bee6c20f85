import type { ForkName } from "../../chain/types.ts";
import { isJson } from "../http/media-type.ts";
import { rowAt } from "../routes/row-at.ts";
import type { Route } from "../routes/route.ts";
import { bodyName } from "./canonical-body.ts";
import type { AnswerForm } from "./accepted-form.ts";

/** What makes two requests of one group the same question. */
export interface Question {
  /** Method, form, body, path and query as one text. */
  key: string;
  /** Path and query as a node is asked. */
  target: string;
  form: AnswerForm;
}

export interface QuestionInput {
  route: Route;
  /** Path and query as received. */
  target: string;
  form: AnswerForm;
  /** The route's parameter: the epoch, of duties. */
  param: string;
  body: Buffer | null;
  contentType: string | undefined;
  /** The fork in force at the slot that is asked about; absent while the network is unknown. */
  fork: ForkName | undefined;
  /** Epochs of a sync committee period; absent while the network is unknown. */
  epochsPerPeriod: number | undefined;
}

/** Two requests with the same key may share an answer. Parameters are taken in any order, values of one name in theirs. */
export function questionOf(input: QuestionInput): Question {
  const { route, target, form, body, contentType, fork } = input;
  const row = fork === undefined ? route : rowAt(route, fork);
  const asked = neutral(target, row.ignoresQuery);
  const isText = contentType === undefined || isJson(contentType);
  const bodyPart = body === null ? "" : `${isText ? "j" : "s"}${bodyName(body, isText)}`;
  return { key: `${route.method} ${form} ${bodyPart} ${sorted(ofPeriod(asked, input))}`, target: asked, form };
}

/** The target with ignored parameters set to 0, which every node understands as it would any other value. */
function neutral(target: string, ignored: readonly string[] | undefined): string {
  const mark = target.indexOf("?");
  if (!ignored || mark === -1) return target;
  const parameters = target.slice(mark + 1).split("&");
  const changed = parameters.map((parameter) => {
    const name = nameOf(parameter);
    return ignored.includes(name) ? `${name}=0` : parameter;
  });
  return `${target.slice(0, mark + 1)}${changed.join("&")}`;
}

/** Sync duties are the same in every epoch of a period. */
function ofPeriod(target: string, { route, param, epochsPerPeriod }: QuestionInput): string {
  if (route.share !== "period" || epochsPerPeriod === undefined || !/^[0-9]{1,15}$/.test(param)) return target;
  const query = target.indexOf("?");
  const period = Math.floor(Number(param) / epochsPerPeriod);
  return `${route.path} period ${period}${query === -1 ? "" : target.slice(query)}`;
}

function sorted(target: string): string {
  const mark = target.indexOf("?");
  if (mark === -1 || !target.includes("&", mark)) return target;
  const parameters = target.slice(mark + 1).split("&");
  // A stable sort by name alone: repeated parameters keep their order.
  parameters.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : nameOf(a) > nameOf(b) ? 1 : 0));
  return `${target.slice(0, mark + 1)}${parameters.join("&")}`;
}

function nameOf(parameter: string): string {
  const end = parameter.indexOf("=");
  return end === -1 ? parameter : parameter.slice(0, end);
}
