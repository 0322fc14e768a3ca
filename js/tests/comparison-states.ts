import type { Compared } from "../src/protocol";

/** What was asked for and delivered, of every kind. */
export function compared(): Compared[] {
  return [
    {
      what: "Area",
      asked: "lon 16.1 to 16.6, lat 48.1 to 48.3",
      delivered: "lon 16.1 to 16.6, lat 48.1 to 48.2",
      differs: true,
      note: "It is smaller than asked for.",
    },
    {
      what: "Dates",
      asked: "2022-07-01 until before 2022-09-01",
      delivered: "2022-07-03 to 2022-08-29",
      differs: false,
      note: "There may be no data at the begin and the end of it.",
    },
    { what: "Bands", asked: "B04, B08", delivered: "", differs: null, note: "" },
    {
      what: "CRS",
      asked: "EPSG:32633",
      delivered: "EPSG:32633",
      differs: false,
      note: "",
    },
  ];
}
