"""The journal's tables. Each entry of ``MIGRATIONS`` takes the journal one version on; entries are never changed."""

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE partition (
        id INTEGER PRIMARY KEY,
        base_url TEXT NOT NULL,
        tenant TEXT NOT NULL,
        not_before REAL NOT NULL DEFAULT 0,
        UNIQUE (base_url, tenant)
    );
    CREATE TABLE document (
        partition_id INTEGER NOT NULL REFERENCES partition,
        sha256 TEXT NOT NULL,
        extractor TEXT NOT NULL,
        name TEXT NOT NULL,
        kind TEXT NOT NULL,
        first_seen REAL NOT NULL,
        last_seen REAL NOT NULL,
        PRIMARY KEY (partition_id, sha256, extractor)
    );
    CREATE TABLE item (
        id INTEGER PRIMARY KEY,
        partition_id INTEGER NOT NULL REFERENCES partition,
        fingerprint TEXT NOT NULL,
        domain TEXT NOT NULL,
        payload TEXT NOT NULL,
        evidence TEXT,
        decision TEXT NOT NULL,
        why TEXT NOT NULL,
        state TEXT NOT NULL
            CHECK (state IN ('queued', 'pending', 'approved', 'declined', 'refused', 'unknown', 'dropped')),
        remote_id TEXT,
        issues TEXT,
        created_at REAL NOT NULL,
        UNIQUE (partition_id, fingerprint)
    );
    CREATE TABLE batch (
        id INTEGER PRIMARY KEY,
        partition_id INTEGER NOT NULL REFERENCES partition,
        key TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'accepted', 'reviewed', 'refused', 'unknown')),
        batch_id TEXT,
        body BLOB NOT NULL,
        size INTEGER NOT NULL,
        detail TEXT NOT NULL DEFAULT '',
        maybe_staged INTEGER NOT NULL DEFAULT 0,
        first_sent REAL,
        created_at REAL NOT NULL,
        UNIQUE (partition_id, key)
    );
    CREATE TABLE batch_item (
        batch INTEGER NOT NULL REFERENCES batch,
        position INTEGER NOT NULL,
        item INTEGER NOT NULL UNIQUE REFERENCES item,
        PRIMARY KEY (batch, position)
    );
    CREATE INDEX batch_by_state ON batch (partition_id, state);
    """,
    """
    CREATE TABLE mirror (
        partition_id INTEGER NOT NULL REFERENCES partition,
        domain TEXT NOT NULL,
        page INTEGER NOT NULL DEFAULT 0,
        cursor TEXT,
        total INTEGER,
        complete INTEGER NOT NULL DEFAULT 0,
        read_at REAL,
        PRIMARY KEY (partition_id, domain)
    );
    CREATE TABLE mirror_item (
        id INTEGER PRIMARY KEY,
        partition_id INTEGER NOT NULL REFERENCES partition,
        domain TEXT NOT NULL,
        remote_id TEXT NOT NULL,
        payload TEXT NOT NULL,
        UNIQUE (partition_id, domain, remote_id)
    );
    CREATE TABLE export_request (
        partition_id INTEGER NOT NULL REFERENCES partition,
        domain TEXT NOT NULL,
        asked_at REAL NOT NULL
    );
    CREATE INDEX export_request_by_time ON export_request (partition_id, domain, asked_at);
    CREATE TABLE account (
        base_url TEXT NOT NULL,
        token TEXT NOT NULL,
        tenant TEXT NOT NULL,
        PRIMARY KEY (base_url, token)
    );
    """,
    """
    ALTER TABLE partition ADD COLUMN names TEXT CHECK (names IN ('keep', 'mask'));
    """,
    """
    CREATE TABLE item_part (
        item INTEGER NOT NULL REFERENCES item,
        position INTEGER NOT NULL,
        fingerprint TEXT NOT NULL,
        domain TEXT NOT NULL,
        payload TEXT NOT NULL,
        quote TEXT NOT NULL,
        PRIMARY KEY (item, position)
    );
    """,
    """
    CREATE TABLE place (
        partition_id INTEGER NOT NULL REFERENCES partition,
        place TEXT NOT NULL,
        name TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        seen_at REAL NOT NULL,
        gone_at REAL,
        PRIMARY KEY (partition_id, place)
    );
    CREATE TABLE item_source (
        item INTEGER NOT NULL REFERENCES item ON DELETE CASCADE,
        place TEXT NOT NULL,
        PRIMARY KEY (item, place)
    );
    CREATE TABLE done_action (
        partition_id INTEGER NOT NULL REFERENCES partition,
        fingerprint TEXT NOT NULL,
        payload TEXT NOT NULL,
        evidence TEXT NOT NULL,
        place TEXT NOT NULL,
        dated TEXT,
        seen_at REAL NOT NULL,
        earlier TEXT,
        earlier_id TEXT,
        submitted_at REAL,
        PRIMARY KEY (partition_id, fingerprint)
    );
    ALTER TABLE item ADD COLUMN allowed_at REAL;
    ALTER TABLE item ADD COLUMN done_at REAL;
    ALTER TABLE item ADD COLUMN done_in TEXT;
    ALTER TABLE item ADD COLUMN forgotten_at REAL;
    """,
    """
    ALTER TABLE partition ADD COLUMN held_since REAL NOT NULL DEFAULT 0;
    ALTER TABLE partition ADD COLUMN opened_at REAL NOT NULL DEFAULT 0;
    ALTER TABLE partition ADD COLUMN holder INTEGER;
    CREATE TABLE import_request (
        partition_id INTEGER NOT NULL REFERENCES partition,
        asked_at REAL NOT NULL
    );
    CREATE INDEX import_request_by_time ON import_request (partition_id, asked_at);
    CREATE INDEX item_by_state ON item (partition_id, state);
    """,
)
