import { answer, type Question } from "../answer.ts";
import { askHosts, percent } from "./host-reading.ts";

const id = "host-cpu";
const busyShare = 0.9;
const ioWaitShare = 0.25;
const stealShare = 0.1;

/** Is there processor time to spare? One busy second is normal at an epoch's start: only a queue as well is trouble. */
export const hostCpu: Question = {
  id,
  title: "CPU",
  ask: (evidence) =>
    askHosts(id, evidence, ({ load1, cores }, { subject, cpu }) => {
      const load = load1 !== undefined && cores !== undefined ? load1 / cores : undefined;
      if (cpu === undefined && load === undefined)
        return [answer(id, subject, "unknown", "host-unread", "no CPU figures")];
      const facts = { busyShare: cpu?.busy, ioWaitShare: cpu?.ioWait, stealShare: cpu?.steal, load1, cores };
      const parts = [
        cpu && `${percent(cpu.busy)} busy`,
        load1 === undefined ? undefined : `load ${load1.toFixed(2)} on ${cores ?? "?"} cores`,
      ];
      const detail = parts.filter((part) => part !== undefined).join(", ");
      const isBusy = cpu === undefined || cpu.busy >= busyShare;
      const waits = load ?? (cpu && cpu.busy >= busyShare ? 1 : 0);
      if (isBusy && waits >= 2) return [answer(id, subject, "bad", "cpu-overloaded", detail, facts)];
      if (isBusy && waits >= 1) return [answer(id, subject, "warning", "cpu-busy", detail, facts)];
      if (cpu && cpu.ioWait >= ioWaitShare) {
        return [
          answer(id, subject, "warning", "cpu-waits-for-disk", `${percent(cpu.ioWait)} waiting, ${detail}`, facts),
        ];
      }
      if (cpu && cpu.steal >= stealShare) {
        return [answer(id, subject, "warning", "cpu-stolen", `${percent(cpu.steal)} taken, ${detail}`, facts)];
      }
      return [answer(id, subject, "good", "cpu-good", detail, facts)];
    }),
};
