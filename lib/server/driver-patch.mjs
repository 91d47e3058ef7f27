/**
 * Repairs postgres 3.4.9 while it is bundled. Unrepaired, when a connection is lost inside a transaction, the driver
 * throws from a timer, leaves bytes and queries of the dead session in the connection's next one (whose answers then
 * go to the wrong queries, or to none), and lets the rest of the transaction run outside of it; and a transaction that
 * begins on a full socket or pipeline fails with UNSAFE_TRANSACTION and stays open in a connection that others get. A
 * connection that is dead and silent keeps its statements until TCP gives up, which takes a quarter of an hour. And one
 * that was read out faster than it was listened to is never read from again.
 * And it writes in larger pieces, and lets a transaction of `db/pipelined.ts` send BEGIN with its first statements and COMMIT with its last ones.
 * Known as porsager/postgres#823, #1155, #1186, #1189, #1208 and #1216, all open in November 2026. Changes no file; plain JavaScript, since
 * the build and the tests both use it.
 */
import { readFileSync } from "node:fs";

/** By file below `postgres/src/`: exact pieces of its text and what stands there instead. */
const REPAIRS = {
  "connection.js": [
    // Whoever writes to a lost connection gets an error, at once.
    [
      "    if (q.cancelled)\n      return\n\n    try {\n      q.state = backend",
      "    if (q.cancelled)\n      return\n\n    if (!socket) {\n      queryError(q, Errors.connection('CONNECTION_CLOSED', options))\n      return true\n    }\n\n    try {\n      q.state = backend",
    ],
    // A transaction has its connection for itself from its first byte on, however full socket and pipeline are ...
    [
      "        && sent.length < max_pipeline\n        && (!q.options.onexecute || q.options.onexecute(connection))\n    } catch",
      "        && sent.length < max_pipeline\n        && !q.options.onexecute\n    } catch",
    ],
    [
      "      build(q)\n      return write(",
      "      build(q)\n      q.options.onexecute && q.options.onexecute(connection)\n      return write(",
    ],
    // ... and keeps it when the socket has room again.
    ["    !query && onopen(connection)\n", "    !query && !connection.reserved && onopen(connection)\n"],
    // A plan that the schema left behind is made anew by the next transaction: tried again in this one, which has failed,
    // the statement would run behind a commit that was sent already, outside of it.
    [
      "            ? retry(query, errorResponse)\n",
      "            ? connection.reserved && !connection.reserved.release\n              ? (delete statements[query.signature], errored(errorResponse))\n              : retry(query, errorResponse)\n",
    ],
    // What is sent together leaves together: a write for each thousand bytes costs this process as much as PostgreSQL.
    ["    if (fn || chunk.length >= 1024)\n", "    if (fn || chunk.length >= 65536)\n"],
    // The end of a table is also the end of waiting for its reader, who asks for nothing more.
    ["    stream && stream.push(null)\n", "    stream && stream.push(null)\n    socket.resume()\n"],
    // Who says nothing for longer than a statement may take is gone, whether or not TCP has noticed.
    [
      "      , connectTimer = timer(connectTimedOut, options.connect_timeout)\n",
      "      , connectTimer = timer(connectTimedOut, options.connect_timeout)\n      , silenceTimer = timer(silent, options.connection.statement_timeout * 1.25 / 1000)\n",
    ],
    [
      "        : (query = q, query.active = true)\n",
      "        : (query = q, query.active = true, silenceTimer.start())\n",
    ],
    [
      "  function data(x) {\n",
      "  function silent() {\n    socket && socket.destroy()\n  }\n\n  function data(x) {\n    query && silenceTimer.start()\n",
    ],
    [
      "      remaining = 0\n      incomings = null\n    }\n  }\n",
      "      remaining = 0\n      incomings = null\n    }\n    query || silenceTimer.cancel()\n  }\n",
    ],
    ["    lifeTimer.cancel()\n", "    lifeTimer.cancel()\n    silenceTimer.cancel()\n"],
    // Nothing of the dead session is left for the next: neither bytes nor queries nor its last error.
    [
      "    socket.removeAllListeners()\n    socket = null\n\n    if (initial)\n      return reconnect()\n\n    !hadError && (query || sent.length) && error(Errors.connection('CONNECTION_CLOSED', options, socket))\n",
      "    socket.removeAllListeners()\n    socket = null\n    chunk = nextWriteTimer = null\n\n    if (initial)\n      return reconnect()\n\n    ;(query || sent.length) && error(Errors.connection('CONNECTION_CLOSED', options, socket))\n    query = results = errorResponse = final = null\n    result = new Result()\n    rows = 0\n",
    ],
  ],
  "index.js": [
    [
      "    let savepoints = 0\n      , connection\n      , prepare = null\n",
      "    let savepoints = 0\n      , connection\n      , lost = null\n      , taken = null\n      , committed = null\n      , isAhead = fn.readsFirst\n      , prepare = null\n",
    ],
    // A transaction that reads first does so behind a BEGIN that is not answered yet. If BEGIN fails, what follows does.
    [
      "      await sql.unsafe('begin ' + options.replace(/[^a-z ]/ig, ''), [], { onexecute }).execute()\n",
      "      const begun = sql.unsafe('begin ' + options.replace(/[^a-z ]/ig, ''), [], { onexecute }).execute()\n      if (isAhead) {\n        begun.catch(e => lost = lost || e)\n        await Promise.race([new Promise(resolve => taken = resolve), begun])\n      } else\n        await begun\n",
    ],
    [
      "      connection = c\n      move(c, reserved)\n",
      "      connection = c\n      taken && taken()\n      move(c, reserved)\n",
    ],
    // Sent behind the last statements. One of them that fails makes it a rollback, and the transaction fails with it.
    [
      "      sql.prepare = x => prepare = x.replace(/[^a-z0-9$-_. ]/gi)\n",
      "      sql.prepare = x => prepare = x.replace(/[^a-z0-9$-_. ]/gi)\n      !name && (sql.commit = () => committed = committed || sql`commit`.execute())\n",
    ],
    ["        await (name\n          ? sql`rollback", "        !committed && await (name\n          ? sql`rollback"],
    ["          : await sql`commit`\n", "          : await (committed || sql`commit`)\n"],
    // What waits for its turn in a lost transaction fails with it ...
    [
      "new Promise((_, reject) => connection.onclose = reject)",
      "new Promise((_, reject) => connection.onclose = e => {\n          lost = e\n          while (queries.length)\n            queries.shift().reject(e)\n          reject(e)\n        })",
    ],
    // ... and so does what comes later, instead of running in whatever session the connection has by then.
    [
      "        q.catch(e => uncaughtError || (uncaughtError = e))\n        c.queue === full",
      "        q.catch(e => uncaughtError || (uncaughtError = e))\n        if (lost)\n          return q.reject(lost)\n\n        if (isAhead && c.queue === full)\n          return isAhead = c.execute(q)\n\n        isAhead = false\n        c.queue === full",
    ],
  ],
};

const FILE = /[\\/]postgres[\\/]src[\\/](connection|index)\.js$/;

/**
 * The repaired text of one of the driver's files; undefined for every other file.
 * @param {string} path
 * @param {string} text
 * @throws Error when the driver is not the one that the repairs were made for
 */
export function repairDriver(path, text) {
  const name = FILE.exec(path)?.[1];
  if (!name) return undefined;
  let repaired = text;
  for (const [piece, replacement] of REPAIRS[`${name}.js`]) {
    if (repaired.split(piece).length !== 2) {
      throw new Error(`postgres/src/${name}.js has changed: look at the repairs in lib/server/driver-patch.mjs again.`);
    }
    repaired = repaired.replace(piece, () => replacement);
  }
  return repaired;
}

/** For esbuild. */
export const driverPatch = {
  name: "driver-patch",
  setup(build) {
    build.onLoad({ filter: FILE }, ({ path }) => ({
      contents: repairDriver(path, readFileSync(path, "utf8")),
      loader: "js",
    }));
  },
};

/** For Vite, and with it the tests. */
export const viteDriverPatch = {
  name: "driver-patch",
  transform: (text, path) => repairDriver(path, text),
};
