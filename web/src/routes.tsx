import { createRootRoute, createRoute, createRouter, Link } from "@tanstack/react-router";
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

export const router = createRouter({ routeTree: rootRoute.addChildren([nowRoute, nodesRoute]), defaultPreload: false });

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
