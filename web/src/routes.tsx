import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Link } from "@tanstack/react-router";
import { loadPersistently } from "./live/load-persistently.ts";
import { alertViews, severityChoices, type AlertsSearch } from "./model/alert-list.ts";
import { auditFields, type AuditSearch } from "./model/audit-list.ts";
import { allSorts, type CohortSort, type CountedBy } from "./model/cohorts.ts";
import { showKinds, sortKeys, type ShowKind, type SortKey } from "./model/node-list.ts";
import { NodesPage } from "./pages/nodes/nodes-page.tsx";
import { NowPage } from "./pages/now/now-page.tsx";
import { Notice } from "./parts/notice.tsx";
import { Shell } from "./shell/shell.tsx";

/** What of the Nodes page is in its address, so that a link shows a colleague the same thing. */
export interface NodesSearch {
  open?: string;
  find?: string;
  show?: ShowKind;
  sort?: SortKey;
  isReversed?: true;
}

/** What of the Validators page is in its address. */
export interface ValidatorsSearch {
  /** The label that makes the cohorts, and the one cohort that the page is narrowed to. */
  key?: string | undefined;
  value?: string | undefined;
  find?: string | undefined;
  by?: CountedBy | undefined;
  sort?: CohortSort | undefined;
  isReversed?: true | undefined;
  mode?: "loss" | "worst" | undefined;
}

const rootRoute = createRootRoute({
  component: Shell,
  notFoundComponent: () => (
    <Notice tone="unknown" title="There is no page at this address.">
      <Link to="/">Go to Now</Link>
    </Notice>
  ),
  errorComponent: ({ error }) => (
    <Notice tone="bad" title="This page failed to draw itself." role="alert">
      {error instanceof Error ? error.message : String(error)} Reload the page; `slotkeeper status` shows the same facts
      in a terminal.
    </Notice>
  ),
});

const nowRoute = createRoute({ getParentRoute: () => rootRoute, path: "/", component: NowPage });

const nodesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/nodes",
  component: NodesPage,
  validateSearch: (search: Record<string, unknown>): NodesSearch => {
    const show = showKinds.find((known) => known === search["show"]);
    const sort = sortKeys.find((known) => known === search["sort"]);
    return {
      ...(typeof search["open"] === "string" ? { open: search["open"] } : {}),
      ...(typeof search["find"] === "string" && search["find"] !== "" ? { find: search["find"] } : {}),
      ...(show === undefined || show === "all" ? {} : { show }),
      ...(sort === undefined || sort === "order" ? {} : { sort }),
      ...(search["isReversed"] === true ? { isReversed: true } : {}),
    };
  },
});

/** The router hands on what looks like a number as one. */
const textOf = (value: unknown): string | undefined =>
  typeof value === "string" ? value : typeof value === "number" ? String(value) : undefined;

const validatorsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/validators",
  component: lazyRouteComponent(
    () => loadPersistently(() => import("./pages/validators/validators-page.tsx")),
    "ValidatorsPage",
  ),
  validateSearch: (search: Record<string, unknown>): ValidatorsSearch => {
    const [key, value, find] = [textOf(search["key"]), textOf(search["value"]), textOf(search["find"])];
    const sort = allSorts.find((known) => known === search["sort"]);
    return {
      ...(key === undefined ? {} : { key }),
      ...(value === undefined || value === "" ? {} : { value }),
      ...(find === undefined || find === "" ? {} : { find }),
      ...(search["by"] === "stake" ? { by: "stake" } : {}),
      ...(sort === undefined || sort === "validators" ? {} : { sort }),
      ...(search["isReversed"] === true ? { isReversed: true } : {}),
      ...(search["mode"] === "worst" ? { mode: "worst" } : {}),
    };
  },
});

const validatorRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/validators/$id",
  component: lazyRouteComponent(
    () => loadPersistently(() => import("./pages/validator/validator-page.tsx")),
    "ValidatorPage",
  ),
  validateSearch: (search: Record<string, unknown>): { epoch?: number } => {
    const epoch = Number(search["epoch"]);
    return search["epoch"] !== undefined && Number.isSafeInteger(epoch) && epoch >= 0 ? { epoch } : {};
  },
});

const incidentsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/incidents",
  component: lazyRouteComponent(
    () => loadPersistently(() => import("./pages/incidents/incidents-page.tsx")),
    "IncidentsPage",
  ),
  validateSearch: (search: Record<string, unknown>): { state?: "over" } =>
    search["state"] === "over" ? { state: "over" } : {},
});

const incidentRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/incidents/$reference",
  component: lazyRouteComponent(
    () => loadPersistently(() => import("./pages/incident/incident-page.tsx")),
    "IncidentPage",
  ),
});

/** Opened from a message, on a phone, without a login. */
const acknowledgeRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/acknowledge/$token",
  staticData: { isBare: true },
  component: lazyRouteComponent(
    () => loadPersistently(() => import("./pages/acknowledge/acknowledge-page.tsx")),
    "AcknowledgePage",
  ),
});

const alertsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/alerts",
  component: lazyRouteComponent(() => loadPersistently(() => import("./pages/alerts/alerts-page.tsx")), "AlertsPage"),
  validateSearch: (search: Record<string, unknown>): AlertsSearch => {
    const [find, alert] = [textOf(search["find"]), textOf(search["alert"])];
    const view = alertViews.find((known) => known === search["view"]);
    const severity = severityChoices.find((known) => known === search["severity"]);
    return {
      ...(view === undefined || view === "now" ? {} : { view }),
      ...(find === undefined || find === "" ? {} : { find }),
      ...(severity === undefined ? {} : { severity }),
      ...(alert === undefined || alert === "" ? {} : { alert }),
    };
  },
});

const onCallRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/on-call",
  component: lazyRouteComponent(() => loadPersistently(() => import("./pages/on-call/on-call-page.tsx")), "OnCallPage"),
});

const auditRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/audit",
  component: lazyRouteComponent(() => loadPersistently(() => import("./pages/audit/audit-page.tsx")), "AuditPage"),
  validateSearch: (search: Record<string, unknown>): AuditSearch =>
    Object.fromEntries(
      auditFields
        .map((field) => [field, textOf(search[field])] as const)
        .filter(([, value]) => value !== undefined && value !== ""),
    ),
});

const settingsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/settings",
  component: lazyRouteComponent(
    () => loadPersistently(() => import("./pages/settings/settings-page.tsx")),
    "SettingsPage",
  ),
});

const loginRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/login",
  component: lazyRouteComponent(() => loadPersistently(() => import("./pages/login/login-page.tsx")), "LoginPage"),
  validateSearch: (search: Record<string, unknown>): { setup?: string; back?: string } => {
    const [setup, back] = [textOf(search["setup"]), textOf(search["back"])];
    return { ...(setup === undefined ? {} : { setup }), ...(back === undefined ? {} : { back }) };
  },
});

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    ...([nowRoute, nodesRoute, validatorsRoute, validatorRoute] as const),
    ...([incidentsRoute, incidentRoute, acknowledgeRoute] as const),
    ...([alertsRoute, onCallRoute, auditRoute, settingsRoute, loginRoute] as const),
  ]),
  defaultPreload: false,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
