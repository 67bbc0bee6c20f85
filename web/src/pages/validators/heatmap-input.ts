import { panView, spotAt, zoomView, type HeatBounds, type HeatSpot, type HeatView } from "../../model/heatmap-view.ts";
import { margin } from "./heatmap-drawer.ts";

/** What pointers and wheels move. `change` schedules a frame; nothing else happens while somebody pans. */
export interface HeatMoves {
  bounds(): HeatBounds;
  view(): HeatView;
  change(view: HeatView): void;
  point(spot: HeatSpot | undefined): void;
  open(spot: HeatSpot): void;
}

/** A press that moves less than this is a click. */
const clickPx = 4;
const wheelZoom = 0.0022;

/** One pointer pans, two pinch; the wheel zooms the validators, with Shift the epochs. Ends with the signal. */
export function followPointers(canvas: HTMLCanvasElement, moves: HeatMoves, signal: AbortSignal): void {
  const pressed = new Map<number, { x: number; y: number }>();
  let travelled = 0;

  const place = (event: MouseEvent) => {
    const box = canvas.getBoundingClientRect();
    return { x: event.clientX - box.left - margin.left, y: event.clientY - box.top - margin.top };
  };
  const spot = ({ x, y }: { x: number; y: number }) => spotAt(moves.view(), x, y, moves.bounds());
  const on = <K extends keyof HTMLElementEventMap>(name: K, take: (event: HTMLElementEventMap[K]) => void) =>
    canvas.addEventListener(name, take, { signal, passive: false });

  on("pointerdown", (event) => {
    if (event.button !== 0) return;
    if (pressed.size === 0) travelled = 0;
    pressed.set(event.pointerId, place(event));
    canvas.setPointerCapture(event.pointerId);
  });

  // Nobody else follows the pointer here: the page's own listeners would cost as much as a frame's drawing.
  on("mousemove", (event) => event.stopPropagation());
  on("pointermove", (event) => {
    event.stopPropagation();
    const now = place(event);
    const before = pressed.get(event.pointerId);
    if (before === undefined) return moves.point(spot(now));
    const [dx, dy] = [now.x - before.x, now.y - before.y];
    travelled += Math.abs(dx) + Math.abs(dy);
    pressed.set(event.pointerId, now);
    if (pressed.size === 1) return moves.change(panView(moves.view(), dx, dy, moves.bounds()));
    const other = [...pressed].find(([id]) => id !== event.pointerId)?.[1];
    if (pressed.size === 2 && other !== undefined) pinch(before, now, other);
  });

  const pinch = (before: { x: number; y: number }, now: { x: number; y: number }, fixed: { x: number; y: number }) => {
    const span = (a: { x: number; y: number }) => Math.max(8, Math.hypot(a.x - fixed.x, a.y - fixed.y));
    const factor = span(now) / span(before);
    const middle = { x: (now.x + fixed.x) / 2, y: (now.y + fixed.y) / 2 };
    moves.change(zoomView(moves.view(), { epochs: factor, rows: factor }, middle.x, middle.y, moves.bounds()));
  };

  const release = (event: PointerEvent) => {
    if (!pressed.delete(event.pointerId)) return;
    const found = spot(place(event));
    if (event.type === "pointerup" && pressed.size === 0 && travelled < clickPx && found !== undefined)
      moves.open(found);
  };
  on("pointerup", release);
  on("pointercancel", release);
  on("pointerleave", () => pressed.size === 0 && moves.point(undefined));

  on("wheel", (event) => {
    event.preventDefault();
    const { x, y } = place(event);
    const lines = event.deltaMode === 1 ? 20 : 1;
    const isSideways = Math.abs(event.deltaX) > Math.abs(event.deltaY);
    if (isSideways && !event.shiftKey) {
      moves.change(panView(moves.view(), -event.deltaX * lines, 0, moves.bounds()));
      return moves.point(spot({ x, y }));
    }
    const delta = (event.shiftKey && isSideways ? event.deltaX : event.deltaY) * lines;
    const factor = Math.exp(-Math.max(-300, Math.min(300, delta)) * wheelZoom);
    const zoom = event.shiftKey ? { epochs: factor, rows: 1 } : { epochs: 1, rows: factor };
    moves.change(zoomView(moves.view(), zoom, x, y, moves.bounds()));
    moves.point(spot({ x, y }));
  });
}

/** A key's step of the crosshair in epochs and rows, or a change of the view. */
export type HeatKey =
  | { kind: "step"; epochs: number; bins: number }
  | { kind: "zoom"; epochs: number; rows: number }
  | { kind: "whole" }
  | { kind: "open" };

export function heatKey(event: Pick<KeyboardEvent, "key" | "shiftKey">): HeatKey | undefined {
  const far = event.shiftKey ? 10 : 1;
  switch (event.key) {
    case "ArrowLeft":
      return { kind: "step", epochs: -far, bins: 0 };
    case "ArrowRight":
      return { kind: "step", epochs: far, bins: 0 };
    case "ArrowUp":
      return { kind: "step", epochs: 0, bins: -far };
    case "ArrowDown":
      return { kind: "step", epochs: 0, bins: far };
    case "PageUp":
      return { kind: "step", epochs: 0, bins: -50 };
    case "PageDown":
      return { kind: "step", epochs: 0, bins: 50 };
    case "Home":
      return { kind: "step", epochs: -Infinity, bins: 0 };
    case "End":
      return { kind: "step", epochs: Infinity, bins: 0 };
    case "+":
    case "=":
      return { kind: "zoom", epochs: 1, rows: 2 };
    case "-":
      return { kind: "zoom", epochs: 1, rows: 0.5 };
    case "]":
      return { kind: "zoom", epochs: 1.5, rows: 1 };
    case "[":
      return { kind: "zoom", epochs: 1 / 1.5, rows: 1 };
    case "0":
      return { kind: "whole" };
    case "Enter":
      return { kind: "open" };
    default:
      return undefined;
  }
}
