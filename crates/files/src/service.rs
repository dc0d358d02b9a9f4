//! Putting bytes away and getting them back.

use crate::{File, FileRule, sniff, store};
use bytes::Bytes;
use futures_util::stream::{BoxStream, StreamExt as _, TryStreamExt as _};
use kernel::{Error, Result, Tx};
use object_store::local::LocalFileSystem;
use object_store::path::Path as Key;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload, WriteMultipart};
use sha2::{Digest as _, Sha256};
use std::path::Path;
use std::sync::Arc;
use tokio::io::AsyncReadExt as _;

/// The object store with everything in it.
#[derive(Clone)]
pub struct Files {
    objects: Arc<dyn ObjectStore>,
}

impl Files {
    /// Files in a local folder, which is made when it is not there.
    pub fn local(dir: &Path) -> Result<Self> {
        std::fs::create_dir_all(dir).map_err(|e| Error::Internal(e.into()))?;
        let local = LocalFileSystem::new_with_prefix(dir).map_err(|e| Error::Internal(e.into()))?;
        Ok(Self { objects: Arc::new(local) })
    }

    /// Files that last as long as the process: for tests, and for describing the API.
    pub fn in_memory() -> Self {
        Self { objects: Arc::new(object_store::memory::InMemory::new()) }
    }

    /// Stores bytes of any origin and the row that names them. The media type is found from the
    /// bytes; what we do not know is refused.
    pub async fn put(&self, tx: &mut Tx, bytes: Bytes, name: &str, purpose: &str) -> Result<File> {
        if bytes.is_empty() {
            return Err(FileRule::Empty.into());
        }
        let media_type = sniff(&bytes).ok_or(FileRule::UnknownMedia)?;
        let sha256 = Sha256::digest(&bytes);
        let file = File {
            id: tx.new_id(),
            sha256: hex(&sha256),
            size: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
            media_type: media_type.to_owned(),
            name: clean_name(name),
            purpose: purpose.chars().filter(char::is_ascii_graphic).take(40).collect(),
            created_at: tx.now(),
        };
        let payload = PutPayload::from_bytes(bytes);
        self.objects
            .put(&key(&file.sha256), payload)
            .await
            .map_err(|e| Error::Internal(e.into()))?;
        store::insert(tx, &file, &sha256).await?;
        Ok(file)
    }

    /// Stores bytes that lie in a local file, piece by piece, whatever they are: for rooms that
    /// have looked at them. They are served as a download only, by the room that they belong to.
    pub async fn keep(&self, tx: &mut Tx, from: &Path, what: Kept<'_>) -> Result<File> {
        let file = File {
            id: tx.new_id(),
            sha256: hex(what.sha256),
            size: i64::try_from(what.size).unwrap_or(i64::MAX),
            media_type: what.media_type.to_owned(),
            name: clean_name(what.name),
            purpose: what.purpose.to_owned(),
            created_at: tx.now(),
        };
        self.store_pieces(&key(&file.sha256), from).await?;
        store::insert(tx, &file, what.sha256).await?;
        Ok(file)
    }

    async fn store_pieces(&self, key: &Key, from: &Path) -> Result<()> {
        let internal = |e: object_store::Error| Error::Internal(e.into());
        let mut bytes = tokio::fs::File::open(from).await.map_err(|e| Error::Internal(e.into()))?;
        let upload = self.objects.put_multipart(key).await.map_err(internal)?;
        let mut out = WriteMultipart::new_with_chunk_size(upload, PIECE);
        let mut piece = vec![0; PIECE / 8];
        loop {
            let n = bytes.read(&mut piece).await.map_err(|e| Error::Internal(e.into()))?;
            if n == 0 {
                break;
            }
            out.wait_for_capacity(2).await.map_err(internal)?;
            out.write(piece.get(..n).unwrap_or_default());
        }
        out.finish().await.map_err(internal)?;
        Ok(())
    }

    /// The bytes of a file as they come: however many they are, few are held at a time.
    pub async fn stream(&self, file: &File) -> Result<BoxStream<'static, std::io::Result<Bytes>>> {
        let found = self.objects.get(&key(&file.sha256)).await;
        let found = found.map_err(|e| Error::Internal(e.into()))?;
        Ok(found.into_stream().map_err(std::io::Error::other).boxed())
    }

    /// The bytes of a file, or the part from `first` to `last` inclusive.
    pub async fn read(&self, file: &File, part: Option<(u64, u64)>) -> Result<Bytes> {
        let internal = |e: object_store::Error| Error::Internal(e.into());
        let key = key(&file.sha256);
        match part {
            Some((first, last)) => {
                self.objects.get_range(&key, first..last + 1).await.map_err(internal)
            }
            None => {
                let found = self.objects.get(&key).await.map_err(internal)?;
                found.bytes().await.map_err(internal)
            }
        }
    }
}

/// Bytes that go to the store at a time.
const PIECE: usize = 5 * 1024 * 1024;

/// What is known of bytes that are kept.
#[derive(Clone, Copy, Debug)]
pub struct Kept<'a> {
    /// The sender's name for them.
    pub name: &'a str,
    /// What they are.
    pub media_type: &'a str,
    /// What they are for.
    pub purpose: &'a str,
    /// How many.
    pub size: u64,
    /// Their hash.
    pub sha256: &'a [u8; 32],
}

fn key(sha256: &str) -> Key {
    let (dir, rest) = sha256.split_at(2.min(sha256.len()));
    Key::from(format!("{dir}/{rest}"))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// A name that is safe in a header and a folder.
fn clean_name(name: &str) -> String {
    let bad = |c: char| c.is_control() || "/\\\"<>|:*?".contains(c);
    let name: String = name.chars().filter(|c| !bad(*c)).take(120).collect();
    if name.is_empty() { "file".to_owned() } else { name }
}
