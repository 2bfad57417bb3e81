// A real Bluesky server for the tests: @atproto/pds with one account, and a directory of identities beside it.
// Usage: node server.mjs FOLDER PASSWORD; prints one line of JSON when it is ready, ends when its input does.
import { createServer } from "node:http";
import { once } from "node:events";
import { registerHooks } from "node:module";

registerHooks({
  resolve(specifier, context, next) {
    return specifier === "better-sqlite3"
      ? { url: new URL("./sqlite.mjs", import.meta.url).href, shortCircuit: true }
      : next(specifier, context);
  },
});

/** The PLC directory, as far as one server and its accounts ask it: keeps operations, tells documents. */
function directory() {
  const operations = new Map();
  const documentOf = (did, operation) => ({
    "@context": ["https://www.w3.org/ns/did/v1"],
    id: did,
    alsoKnownAs: operation.alsoKnownAs,
    verificationMethod: Object.entries(operation.verificationMethods).map(([name, key]) => ({
      id: `${did}#${name}`,
      type: "Multikey",
      controller: did,
      publicKeyMultibase: key.replace("did:key:", ""),
    })),
    service: Object.entries(operation.services).map(([name, service]) => ({
      id: `#${name}`,
      type: service.type,
      serviceEndpoint: service.endpoint,
    })),
  });
  return createServer(async (request, response) => {
    const did = decodeURIComponent(request.url.split("/")[1]);
    if (request.method === "POST") {
      const chunks = await request.toArray();
      operations.set(did, JSON.parse(Buffer.concat(chunks).toString()));
      return response.end("{}");
    }
    const operation = operations.get(did);
    response.writeHead(operation ? 200 : 404, { "content-type": "application/json" });
    return response.end(JSON.stringify(operation ? documentOf(did, operation) : {}));
  });
}

async function listening(server) {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server.address().port;
}

const [folder, password] = process.argv.slice(2);
// The server takes its own address from its settings: find a free port first.
const probe = createServer();
const port = await listening(probe);
probe.close();
await once(probe, "close");

Object.assign(process.env, {
  LOG_ENABLED: "false",
  PDS_PORT: String(port),
  PDS_HOSTNAME: "localhost",
  PDS_DEV_MODE: "true",
  PDS_DATA_DIRECTORY: folder,
  PDS_BLOBSTORE_DISK_LOCATION: `${folder}/blobs`,
  PDS_DID_PLC_URL: `http://127.0.0.1:${await listening(directory())}`,
  PDS_INVITE_REQUIRED: "false",
  PDS_SERVICE_HANDLE_DOMAINS: ".test",
  PDS_JWT_SECRET: "for tests only, never a real one",
  PDS_ADMIN_PASSWORD: "for tests only",
  PDS_PLC_ROTATION_KEY_K256_PRIVATE_KEY_HEX: "1".repeat(64),
});
const { PDS, envToCfg, envToSecrets, readEnv } = await import("@atproto/pds");
const environment = readEnv();
const pds = await PDS.create(envToCfg(environment), envToSecrets(environment));
await pds.start();

const server = `http://localhost:${port}`;
const handle = "henrike.test";
const answer = await fetch(`${server}/xrpc/com.atproto.server.createAccount`, {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ handle, email: "henrike@mittwochspost.example", password }),
});
if (!answer.ok) throw new Error(await answer.text());
console.log(JSON.stringify({ server, handle, did: (await answer.json()).did }));
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
