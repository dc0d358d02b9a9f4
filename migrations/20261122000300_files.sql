create schema files;

-- Stored files; the bytes lie in the object store under their SHA-256.
create table files.file (
  id         uuid constraint file_pkey primary key,
  sha256     bytea not null constraint file_sha256_size check (length(sha256) = 32),
  size       bigint not null constraint file_size_positive check (size >= 0),
  media_type text not null,
  name       text not null,
  -- what it is for: photo, signature, recording, export
  purpose    text not null,
  created_by uuid,
  created_at timestamptz not null
);
create index file_content on files.file (sha256);
