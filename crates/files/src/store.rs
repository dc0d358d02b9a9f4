//! All SQL of files.

use crate::File;
use kernel::{Error, FileId, Result, Tx};

pub(crate) async fn insert(tx: &mut Tx, file: &File, sha256: &[u8]) -> Result<()> {
    let by = tx.actor().user.map(|u| *u);
    sqlx::query!(
        "insert into files.file (id, sha256, size, media_type, name, purpose, created_by, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        *file.id,
        sha256,
        file.size,
        file.media_type,
        file.name,
        file.purpose,
        by,
        file.created_at,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// One file's row. Who may see it is for the domain to say that the file belongs to.
pub async fn get(tx: &mut Tx, id: FileId) -> Result<File> {
    sqlx::query_as!(
        File,
        r#"select id as "id: FileId", encode(sha256, 'hex') as "sha256!", size, media_type, name,
                  purpose, created_at
           from files.file where id = $1"#,
        *id,
    )
    .fetch_optional(tx.db())
    .await?
    .ok_or(Error::NotFound("file"))
}
