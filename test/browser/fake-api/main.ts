import { scenes, type SceneName } from "./scenes.ts";
import { startFakeApi } from "./server.ts";

/** `node test/browser/fake-api/main.ts [SCENE [VALIDATORS]]`: the pages without anything behind them, on the real server's port. */
const wanted = process.argv[2] ?? "fine";
const known = Object.keys(scenes) as SceneName[];
const scene = known.find((name) => name === wanted);
if (scene === undefined) {
  process.stderr.write(`There is no scene ${wanted}. Scenes: ${known.join(", ")}.\n`);
  process.exit(2);
}
const api = await startFakeApi(scene, 7380);
const validators = Number(process.argv[3] ?? 0);
if (validators > 0) api.showDuties({ validators });
process.stdout.write(`Scene ${scene} at ${api.url}. Ctrl-C stops it.\n`);
