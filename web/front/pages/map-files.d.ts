/** The addresses of the files that page-files/plugin.ts adds for the map. */
declare module "virtual:map-files" {
  /** Leaflet's stylesheet */
  export const styles: string;
  /** TopoJSON with the object `states` */
  export const states: string;
  /** TopoJSON with the object `countries`, without the United States */
  export const world: string;
  /** TopoJSON with the object `counties`, by the FIPS code of the state */
  export const counties: Record<string, string>;
}
