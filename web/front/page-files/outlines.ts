import type { GeometryCollection, Topology } from "topojson-specification";
import allCounties from "us-atlas/counties-10m.json" with { type: "json" };
import allStates from "us-atlas/states-10m.json" with { type: "json" };

const STATES = allStates as unknown as Topology<{ states: GeometryCollection }>;
const COUNTIES = allCounties as unknown as Topology<{ counties: GeometryCollection }>;
const COUNTY_GEOMETRIES = COUNTIES.objects.counties.geometries;

/** The FIPS codes of the states and territories that have counties, such as "13". */
export const STATE_CODES = [...new Set(COUNTY_GEOMETRIES.map((county) => String(county.id).slice(0, 2)))].sort();

export const selectStates = (): Topology => ({ ...STATES, objects: { states: STATES.objects.states } });

/** Returns the counties of a state as TopoJSON. All counties together are fifty times as large, too much for a phone. */
export function selectCounties(state: string): Topology {
  const arcs: Topology["arcs"] = [];
  const numbers = new Map<number, number>();

  /** Returns the new number of an arc. The complement of a number stands for the arc backward. */
  function renumber(arc: number): number {
    const original = arc < 0 ? ~arc : arc;
    if (!numbers.has(original)) numbers.set(original, arcs.push(COUNTIES.arcs[original]!) - 1);
    const number = numbers.get(original)!;
    return arc < 0 ? ~number : number;
  }
  const renumberAll = (value: unknown): unknown => (Array.isArray(value) ? value.map(renumberAll) : renumber(value as number));

  const geometries = COUNTY_GEOMETRIES.filter((county) => String(county.id).startsWith(state)).map((county) =>
    "arcs" in county ? { ...county, arcs: renumberAll(county.arcs) } : county,
  );
  const objects = { counties: { type: "GeometryCollection", geometries } } as Topology["objects"];
  return { type: "Topology", transform: COUNTIES.transform!, objects, arcs };
}
