import type { GeometryCollection, Topology } from "topojson-specification";
import allCounties from "us-atlas/counties-10m.json" with { type: "json" };
import allStates from "us-atlas/states-10m.json" with { type: "json" };
import allCountries from "world-atlas/countries-110m.json" with { type: "json" };

const STATES = allStates as unknown as Topology<{ states: GeometryCollection }>;
const COUNTIES = allCounties as unknown as Topology<{ counties: GeometryCollection }>;
const COUNTRIES = allCountries as unknown as Topology<{ countries: GeometryCollection }>;
/** Antarctica and, by their codes of ISO 3166-1, what us-atlas draws in more detail: the United States and Puerto Rico. */
const LEFT_OUT = ["010", "840", "630"];
const COUNTY_GEOMETRIES = COUNTIES.objects.counties.geometries;

/** The FIPS codes of the states and territories that have counties, such as "13". */
export const STATE_CODES = [...new Set(COUNTY_GEOMETRIES.map((county) => String(county.id).slice(0, 2)))].sort();

export const selectStates = (): Topology => ({ ...STATES, objects: { states: STATES.objects.states } });

/** Returns the counties of a state as TopoJSON. All counties together are fifty times as large, too much for a phone. */
export const selectCounties = (state: string): Topology =>
  select(COUNTIES, "counties", COUNTY_GEOMETRIES.filter((county) => String(county.id).startsWith(state)));

/** Returns all other countries as TopoJSON, without their names, which no map shows. */
export function selectCountries(): Topology {
  const others = COUNTRIES.objects.countries.geometries.filter((country) => !LEFT_OUT.includes(String(country.id)));
  return select(COUNTRIES, "countries", others.map(({ id, properties, ...shape }) => shape as typeof shape & { type: "Polygon" }));
}

/** Returns a topology of some of the geometries, with only the arcs that they need. */
function select(topology: Topology, name: string, geometries: GeometryCollection["geometries"]): Topology {
  const arcs: Topology["arcs"] = [];
  const numbers = new Map<number, number>();

  /** Returns the new number of an arc. The complement of a number stands for the arc backward. */
  function renumber(arc: number): number {
    const original = arc < 0 ? ~arc : arc;
    if (!numbers.has(original)) numbers.set(original, arcs.push(topology.arcs[original]!) - 1);
    const number = numbers.get(original)!;
    return arc < 0 ? ~number : number;
  }
  const renumberAll = (value: unknown): unknown => (Array.isArray(value) ? value.map(renumberAll) : renumber(value as number));

  const renumbered = geometries.map((shape) => ("arcs" in shape ? { ...shape, arcs: renumberAll(shape.arcs) } : shape));
  const objects = { [name]: { type: "GeometryCollection", geometries: renumbered } } as Topology["objects"];
  return { type: "Topology", transform: topology.transform!, objects, arcs };
}
