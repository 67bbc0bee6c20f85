import type { PolicyName } from "../routes/route.ts";
import type { JobRunner } from "../share/create-sharing.ts";
import { serveAgree } from "./agree.ts";
import { readJob } from "./read.ts";

/** How the nodes are asked for an answer that many clients may share, by the route's policy. */
export const jobRunners: Partial<Record<PolicyName, JobRunner>> = {
  view: readJob,
  coalesce: readJob,
  agree: serveAgree,
};
