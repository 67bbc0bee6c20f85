import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { queryClient } from "./live/query-client.ts";
import { startLiveData } from "./live/queries.ts";
import { applyTheme } from "./live/theme.ts";
import { router } from "./routes.tsx";
import "./tokens.css";
import "./base.css";

applyTheme();
// Lives as long as the page: there is nothing that would abort it.
startLiveData(new AbortController().signal);

const root = document.getElementById("root");
if (root === null) throw new Error("index.html holds no element with the id root.");
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
