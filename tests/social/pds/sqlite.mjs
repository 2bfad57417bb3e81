// What the PDS asks of better-sqlite3, done by the SQLite in Node itself: nothing has to be compiled.
import { DatabaseSync } from "node:sqlite";

const value = (parameter) =>
  parameter === undefined ? null : typeof parameter === "boolean" ? Number(parameter) : parameter;

class Statement {
  constructor(statement) {
    this.statement = statement;
    this.reader = statement.columns().length > 0;
  }

  all(parameters) {
    return this.statement.all(...parameters.map(value));
  }

  *iterate(parameters) {
    yield* this.statement.iterate(...parameters.map(value));
  }

  run(parameters) {
    return this.statement.run(...parameters.map(value));
  }
}

export default class Database {
  constructor(location) {
    this.database = new DatabaseSync(location);
  }

  prepare(sql) {
    return new Statement(this.database.prepare(sql));
  }

  pragma(text) {
    return this.database.prepare(`PRAGMA ${text}`).all();
  }

  close() {
    this.database.close();
  }
}
