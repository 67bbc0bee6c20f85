import { useEffect, useEffectEvent, useRef, type KeyboardEvent } from "react";
import { useIsDark } from "../../live/theme.ts";
import { readBin, spotWords } from "../../model/heatmap-words.ts";
import {
  boundView,
  levelFor,
  mostRowPx,
  showSpot,
  wholeView,
  zoomView,
  type HeatBounds,
  type HeatSpot,
  type HeatView,
} from "../../model/heatmap-view.ts";
import { createHeatDrawer, margin, type HeatDrawer, type HeatMode } from "./heatmap-drawer.ts";
import { followPointers, heatKey } from "./heatmap-input.ts";
import styles from "./heatmap.module.css";
import type { BuiltTile } from "./use-levels.ts";

interface HeatmapProps {
  built: BuiltTile;
  mode: HeatMode;
  label: string;
  onOpen: (index: number, epoch: number) => void;
}

const mostHeight = 460;
const leastHeight = 96;
/** A screen reader is told of the crosshair when it rests, not at each step. */
const restMs = 250;

/**
 * Epochs against validators. View and crosshair live outside React: a frame of a pan draws the canvas and writes one line
 * of text, and renders nothing.
 */
export function Heatmap({ built, mode, label, onOpen }: HeatmapProps) {
  const { tile, levels } = built;
  const host = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const words = useRef<HTMLParagraphElement>(null);
  const heard = useRef<HTMLParagraphElement>(null);
  const drawer = useRef<HeatDrawer>(undefined);
  const state = useRef<{ view: HeatView | undefined; spot: HeatSpot | undefined; bounds: HeatBounds }>({
    view: undefined,
    spot: undefined,
    bounds: { epochs: 0, rows: 0, width: 0, height: 0 },
  });
  const frame = useRef(0);
  const rest = useRef<ReturnType<typeof setTimeout>>(undefined);
  const isDark = useIsDark();

  const rowsPerBin = () => levelFor(levels, state.current.view?.rowPx ?? 0, devicePixelRatio)?.rowsPerBin ?? 1;

  const draw = useEffectEvent(() => {
    const { view, spot, bounds } = state.current;
    if (view === undefined || bounds.width <= 0) return;
    drawer.current?.draw(view, bounds, spot, mode);
    // A finger scrolls the page while there is nothing to pan, and pans once there is.
    const touch = view.rowPx * tile.rows <= bounds.height + 1 ? "pan-y" : "none";
    if (canvas.current !== null && canvas.current.style.touchAction !== touch) canvas.current.style.touchAction = touch;
    const text = spot === undefined ? "" : spotWords(tile, spot, rowsPerBin());
    if (words.current !== null && words.current.textContent !== text) words.current.textContent = text;
  });
  const schedule = () => {
    cancelAnimationFrame(frame.current);
    frame.current = requestAnimationFrame(() => draw());
  };
  const change = (view: HeatView) => {
    state.current.view = view;
    schedule();
  };
  const open = useEffectEvent((spot: HeatSpot) => {
    const bin = readBin(tile, spot, rowsPerBin());
    onOpen(tile.indices[bin.worstRow] ?? 0, tile.fromEpoch + spot.epoch);
  });

  const resize = useEffectEvent(() => {
    const element = canvas.current;
    if (element === null || host.current === null) return;
    const width = Math.max(40, host.current.clientWidth - margin.left - 12);
    const height = Math.max(leastHeight, Math.min(mostHeight, innerHeight * 0.6, tile.rows * mostRowPx));
    const bounds = { epochs: tile.epochs, rows: tile.rows, width, height };
    const [outerWidth, outerHeight] = [width + margin.left, height + margin.top + margin.bottom];
    element.width = Math.round(outerWidth * devicePixelRatio);
    element.height = Math.round(outerHeight * devicePixelRatio);
    element.style.width = `${outerWidth}px`;
    element.style.height = `${outerHeight}px`;
    const { view } = state.current;
    state.current.bounds = bounds;
    state.current.view = view === undefined ? wholeView(bounds) : boundView(view, bounds);
    draw();
  });

  const create = useEffectEvent(() => {
    if (canvas.current !== null) drawer.current = createHeatDrawer(canvas.current, tile, levels);
  });
  const shape = `${tile.epochs} ${tile.rows} ${tile.indices[0] ?? ""}`;
  useEffect(() => {
    state.current.view = undefined;
    state.current.spot = undefined;
  }, [shape]);
  useEffect(() => {
    create();
    resize();
  }, [built, isDark]);
  useEffect(() => draw(), [mode]);

  useEffect(() => {
    const [element, around] = [canvas.current, host.current];
    if (element === null || around === null) return;
    const listening = new AbortController();
    followPointers(
      element,
      {
        bounds: () => state.current.bounds,
        view: () => state.current.view ?? wholeView(state.current.bounds),
        change,
        open: (spot) => open(spot),
        point(spot) {
          state.current.spot = spot;
          schedule();
        },
      },
      listening.signal,
    );
    const observer = new ResizeObserver(() => resize());
    observer.observe(around);
    return () => {
      listening.abort();
      observer.disconnect();
      cancelAnimationFrame(frame.current);
      clearTimeout(rest.current);
    };
  }, []);

  const press = (event: KeyboardEvent) => {
    const key = heatKey(event);
    const { view, bounds, spot } = state.current;
    if (key === undefined || view === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    const at = spot ?? { epoch: tile.epochs - 1, row: Math.floor(view.row) };
    switch (key.kind) {
      case "open":
        return open(at);
      case "whole":
        return change(wholeView(bounds));
      case "zoom": {
        const x = (at.epoch + 0.5 - view.epoch) * view.epochPx;
        return change(zoomView(view, key, x, (at.row + 0.5 - view.row) * view.rowPx, bounds));
      }
      case "step": {
        const within = (value: number, most: number) => Math.max(0, Math.min(most, value));
        const next = {
          epoch: spot === undefined ? at.epoch : within(at.epoch + key.epochs, tile.epochs - 1),
          row: spot === undefined ? at.row : within(at.row + key.bins * rowsPerBin(), tile.rows - 1),
        };
        state.current.spot = next;
        change(showSpot(view, next, bounds));
        clearTimeout(rest.current);
        rest.current = setTimeout(() => {
          if (heard.current !== null) heard.current.textContent = spotWords(tile, next, rowsPerBin());
        }, restMs);
      }
    }
  };

  return (
    <div ref={host} className={styles.host}>
      <p ref={words} className={styles.words} aria-hidden="true" />
      <canvas
        ref={canvas}
        className={styles.canvas}
        role="application"
        aria-roledescription="heatmap"
        tabIndex={0}
        aria-label={`${label} Arrow keys move the crosshair, plus and minus zoom, Enter opens the validator.`}
        onKeyDown={press}
      />
      <p ref={heard} className="only-heard" aria-live="polite" />
    </div>
  );
}
