// Makes the offline basemap: land and borders at 1:110m from world-atlas (Natural Earth,
// public domain), as one GeoJSON FeatureCollection.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { feature, mesh } from "topojson-client";

const out = resolve(
  dirname(fileURLToPath(import.meta.url)),
  "../../openeo_widgets/widgets/static/basemap.json",
);
const atlas = createRequire(import.meta.url).resolve("world-atlas/countries-110m.json");
const world = JSON.parse(readFileSync(atlas, "utf8"));

/** Two decimals are a kilometre: finer than the lines of a 1:110m map are. */
function rounded(coordinates) {
  if (typeof coordinates[0] === "number") return coordinates.map((n) => Math.round(n * 100) / 100);
  const parts = coordinates.map(rounded);
  if (typeof parts[0]?.[0] !== "number") return parts;
  return parts.filter(([x, y], i) => i === 0 || x !== parts[i - 1][0] || y !== parts[i - 1][1]);
}

/** The whole of what `feature` made, as one geometry. */
function landGeometry() {
  const { features, geometry } = feature(world, world.objects.land);
  const polygons = (features ?? [{ geometry }]).flatMap((one) =>
    one.geometry.type === "MultiPolygon" ? one.geometry.coordinates : [one.geometry.coordinates],
  );
  return { type: "MultiPolygon", coordinates: polygons };
}

const borders = mesh(world, world.objects.countries, (a, b) => a !== b);
const features = [
  ["land", landGeometry()],
  ["border", borders],
].map(([kind, { type, coordinates }]) => ({
  type: "Feature",
  properties: { kind },
  geometry: { type, coordinates: rounded(coordinates) },
}));

mkdirSync(dirname(out), { recursive: true });
writeFileSync(out, JSON.stringify({ type: "FeatureCollection", features }));
