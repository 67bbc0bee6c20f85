import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { queryClient } from "./live/query-client.ts";
import { startLiveData } from "./live/queries.ts";
import { followSession } from "./live/session.ts";
import { applyTheme } from "./live/theme.ts";
import { router } from "./routes.tsx";
import "./tokens.css";
import "./base.css";

applyTheme();
// Lives as long as the page: there is nothing that would abort it. The page of a signed link has no login to follow it with.
if (!location.pathname.startsWith("/acknowledge/")) startLiveData(new AbortController().signal);
followSession(() => {
  const { pathname, href } = router.state.location;
  // The page of a signed link needs no login: its link is the proof.
  if (pathname !== "/login" && !pathname.startsWith("/acknowledge/"))
    void router.navigate({ to: "/login", search: { back: href } });
});

const root = document.getElementById("root");
if (root === null) throw new Error("index.html holds no element with the id root.");
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
