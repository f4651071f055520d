import type { DatabaseSync } from 'node:sqlite'
import { ConfigError } from '../../src/core/errors.ts'

/**
 * The database, as the steps that lead to it: a change of the schema is one more entry, and nothing above it is edited.
 * What Okta calls a profile or settings is kept as JSON: only what is searched for is a column.
 */
const migrations: readonly string[] = [
  `create table orgs (
     id text primary key, name text not null, shape text not null, created_at integer not null) strict;
   create table registrations (
     id text primary key, org text not null references orgs on delete cascade, name text not null,
     entity_id text not null, position integer not null, unique (org, name)) strict;
   create table users (
     id text primary key, org text not null references orgs on delete cascade, login text not null collate nocase,
     status text not null, profile text not null, search text not null, unique (org, login)) strict;
   create table groups (
     id text primary key, org text not null references orgs on delete cascade, name text not null,
     profile text not null, unique (org, name)) strict;
   create table group_members (
     group_id text not null references groups on delete cascade,
     user_id text not null references users on delete cascade, primary key (user_id, group_id)) strict, without rowid;
   create index group_members_by_group on group_members (group_id);
   create table applications (
     id text primary key, org text not null references orgs on delete cascade,
     registration text not null references registrations on delete cascade,
     label text not null, status text not null, everyone integer not null, saml text not null) strict;
   create index applications_for_everyone on applications (org) where everyone = 1;
   create index applications_by_org on applications (org);
   create table application_sps (
     registration text not null, entity_id text not null,
     application text not null references applications on delete cascade,
     primary key (registration, entity_id, application)) strict, without rowid;
   create index application_sps_by_application on application_sps (application);
   create table application_users (
     application text not null references applications on delete cascade,
     user_id text not null references users on delete cascade, primary key (user_id, application)) strict, without rowid;
   create index application_users_by_application on application_users (application);
   create table application_groups (
     application text not null references applications on delete cascade,
     group_id text not null references groups on delete cascade, primary key (group_id, application)) strict, without rowid;
   create index application_groups_by_application on application_groups (application);`,
  `alter table orgs add column user_attributes text not null default '[]';
   alter table orgs add column group_attributes text not null default '[]';
   alter table application_users add column profile text not null default '{}';
   alter table application_groups add column profile text not null default '{}';
   alter table application_groups add column priority integer not null default 0;
   create table connections (
     registration text primary key references registrations on delete cascade, settings text not null,
     tokens text, state text not null, problem text) strict;
   create table provisioning (
     application text primary key references applications on delete cascade, settings text not null,
     clock_offset integer not null default 0, next_import integer) strict;
   create table links (
     application text not null references applications on delete cascade,
     user_id text not null references users on delete cascade, external_id text not null, active integer not null,
     pushed text not null, primary key (user_id, application)) strict, without rowid;
   create unique index links_by_external_id on links (application, external_id);
   create table push_rules (
     id text primary key, application text not null references applications on delete cascade, name text not null,
     filter text not null, status text not null) strict;
   create index push_rules_by_application on push_rules (application);
   create table pushed_groups (
     id text primary key, application text not null references applications on delete cascade,
     group_id text not null references groups on delete cascade, rule text references push_rules on delete set null,
     link_to text, external_id text, status text not null, problem text, pushed text,
     unique (application, group_id)) strict;
   create index pushed_groups_by_group on pushed_groups (group_id);
   create table import_candidates (
     id text primary key, application text not null references applications on delete cascade,
     external_id text not null, user_name text not null, profile text not null, match text not null,
     user_id text references users on delete set null, state text not null, unique (application, external_id)) strict;
   create table tasks (
     seq integer primary key autoincrement, application text not null references applications on delete cascade,
     kind text not null, subject text, payload text, state text not null, attempts integer not null,
     wait_ms integer, not_before integer, problem text, hint text) strict;
   create index tasks_by_application on tasks (application);`,
]

/** Brings the database to the newest schema. */
export const migrate = (db: DatabaseSync, where: string): void => {
  const found = versionOf(db)
  if (found > migrations.length)
    throw new ConfigError(
      `${where} was written by a newer idpact (schema ${found}; this one knows ${migrations.length})`,
      {
        code: 'newer-database',
        hint: 'Update idpact, or start with --memory, or move the file away to begin with an empty directory.',
      },
    )
  if (found === migrations.length) return
  // Two processes may open a new folder at once: whoever comes second waits, and finds it done.
  db.exec('begin immediate')
  try {
    const now = versionOf(db)
    for (const [at, step] of migrations.entries()) if (at >= now) db.exec(`${step}; pragma user_version = ${at + 1}`)
    db.exec('commit')
  } catch (error) {
    db.exec('rollback')
    throw error
  }
}

const versionOf = (db: DatabaseSync): number => Number(db.prepare('pragma user_version').get()?.['user_version'] ?? 0)
