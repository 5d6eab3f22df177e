-- The same coaster as an engineer would keep it who wants versions and branches, but no events.
-- Branch 1 is main; moments are times. Head: plain_coaster. Versions: plain_coasterversion.
CREATE TABLE plain_coaster (
    id uuid PRIMARY KEY, version int NOT NULL,
    slug varchar(120) NOT NULL, name varchar(200) NOT NULL, park int NOT NULL,
    category varchar(20) NOT NULL, status varchar(20) NOT NULL, opened varchar(20) NOT NULL,
    maker varchar(60) NOT NULL, height_m numeric(6, 2), length_m numeric(7, 2), inversions int,
    body text NOT NULL
);
CREATE INDEX ON plain_coaster (slug);
CREATE INDEX ON plain_coaster (park);
CREATE INDEX ON plain_coaster (name, id);

CREATE TABLE plain_coasterversion (
    LIKE plain_coaster,
    branch int NOT NULL DEFAULT 1, valid_from timestamptz NOT NULL DEFAULT clock_timestamp(),
    valid_to timestamptz NOT NULL DEFAULT '9999-12-31', PRIMARY KEY (id, branch, valid_from)
);
CREATE INDEX ON plain_coasterversion (slug, branch, valid_from);
CREATE INDEX ON plain_coasterversion (park, branch, valid_from);
CREATE INDEX ON plain_coasterversion (name, id, branch, valid_from);
CREATE INDEX ON plain_coasterversion (branch, valid_from);

CREATE TABLE plain_branch (
    number int GENERATED ALWAYS AS IDENTITY (START 2) PRIMARY KEY, name text UNIQUE NOT NULL,
    forked_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
