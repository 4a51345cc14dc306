// PostGraphile over the tables under test, as a role that row security and column grants apply to.
//   PEER_DATABASE_URL  the role's own address
//   PEER_REGIONS       the caller's regions, which the row policies compare with
//   PEER_POOL          connections, as many as ours
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";
import { PgSimplifyInflectionPreset } from "@graphile/simplify-inflection";
import { makePgService } from "postgraphile/adaptors/pg";

export default {
  extends: [PostGraphileAmberPreset, PgSimplifyInflectionPreset],
  pgServices: [
    makePgService({
      connectionString: process.env.PEER_DATABASE_URL,
      poolConfig: { max: Number(process.env.PEER_POOL) },
      schemas: ["public"],
      pubsub: false,
    }),
  ],
  grafserv: { host: "127.0.0.1", port: Number(process.env.PEER_PORT), graphiql: false, watch: false },
  grafast: {
    explain: false,
    context: () => ({ pgSettings: { "jwt.claims.regions": process.env.PEER_REGIONS } }),
  },
};
