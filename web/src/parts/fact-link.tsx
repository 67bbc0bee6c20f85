import { useRouter } from "@tanstack/react-router";
import type { MouseEvent, ReactNode } from "react";
import { ownPath } from "../model/own-path.ts";

/** Words that lead to where they can be looked up, where the server named a page of ours; plain words elsewhere. */
export function FactLink({ link, children }: { link: string | undefined; children: ReactNode }) {
  const router = useRouter();
  const path = ownPath(link);
  if (path === undefined) return children;
  const go = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    router.history.push(path);
  };
  return (
    <a href={path} onClick={go}>
      {children}
    </a>
  );
}
