CREATE TABLE documents (
  id TEXT PRIMARY KEY,
  tenant TEXT NOT NULL,
  collection TEXT NOT NULL,
  identity TEXT NOT NULL,
  title TEXT NOT NULL,
  labels TEXT NOT NULL,
  UNIQUE (tenant, collection, identity)
);
CREATE TABLE versions (
  id TEXT PRIMARY KEY,
  document_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
  digest TEXT NOT NULL,
  path TEXT NOT NULL,
  media_type TEXT NOT NULL,
  title TEXT NOT NULL,
  text TEXT NOT NULL,
  effective_from TEXT,
  effective_to TEXT,
  state TEXT NOT NULL CHECK (state IN ('indexing', 'words', 'indexed', 'retired'))
);
CREATE INDEX versions_of_document ON versions (document_id);
CREATE INDEX versions_without_vectors ON versions (state) WHERE state = 'words';
CREATE TABLE sections (
  version_id TEXT NOT NULL REFERENCES versions (id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  parent INTEGER,
  kind TEXT NOT NULL,
  path TEXT NOT NULL,
  start INTEGER NOT NULL,
  stop INTEGER NOT NULL,
  locator TEXT NOT NULL,
  subjects TEXT NOT NULL,
  date TEXT,
  PRIMARY KEY (version_id, number)
) WITHOUT ROWID;
CREATE INDEX sections_by_start ON sections (version_id, start, number);
CREATE TABLE passages (
  id TEXT PRIMARY KEY,
  version_id TEXT NOT NULL REFERENCES versions (id) ON DELETE CASCADE,
  start INTEGER NOT NULL,
  stop INTEGER NOT NULL,
  text TEXT NOT NULL,
  section TEXT NOT NULL,
  locator TEXT NOT NULL,
  labels TEXT NOT NULL,
  parent_start INTEGER NOT NULL,
  parent_stop INTEGER NOT NULL,
  header TEXT NOT NULL,
  date TEXT
);
CREATE INDEX passages_of_version ON passages (version_id, start);
-- Says which version a passage is of without a look at its text.
CREATE INDEX version_of_passage ON passages (id, version_id);
CREATE TABLE anchors (
  version_id TEXT NOT NULL REFERENCES versions (id) ON DELETE CASCADE,
  start INTEGER NOT NULL,
  stop INTEGER NOT NULL,
  words BLOB NOT NULL
);
CREATE INDEX anchors_of_version ON anchors (version_id, start);
CREATE TABLE identities (
  version_id TEXT NOT NULL REFERENCES versions (id) ON DELETE CASCADE,
  tenant TEXT NOT NULL,
  subject TEXT NOT NULL,
  kind TEXT NOT NULL,
  value TEXT NOT NULL
);
CREATE INDEX identities_of_subject ON identities (tenant, subject);
CREATE INDEX identities_of_version ON identities (version_id);
CREATE TABLE aliases (
  version_id TEXT NOT NULL REFERENCES versions (id) ON DELETE CASCADE,
  tenant TEXT NOT NULL,
  subject TEXT NOT NULL,
  alias TEXT NOT NULL
);
CREATE INDEX aliases_of_subject ON aliases (tenant, subject);
CREATE INDEX aliases_of_alias ON aliases (tenant, alias);
CREATE INDEX aliases_of_version ON aliases (version_id);
CREATE TABLE files (
  tenant TEXT NOT NULL,
  collection TEXT NOT NULL,
  path TEXT NOT NULL,
  digest TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  code TEXT,
  document_ids TEXT NOT NULL,
  passages INTEGER NOT NULL,
  PRIMARY KEY (tenant, collection, path)
) WITHOUT ROWID;
