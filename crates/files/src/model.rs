//! What a file is, and which ones are taken.

use chrono::{DateTime, Utc};
use kernel::FileId;
use serde::Serialize;

/// The largest upload, bytes: a minute of video from a phone.
pub const MAX_UPLOAD: usize = 64 * 1024 * 1024;

/// A stored file.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct File {
    /// Its id.
    pub id: FileId,
    /// SHA-256 of the bytes, hexadecimal: the sender keeps his copy until he has seen it here.
    pub sha256: String,
    /// Bytes.
    pub size: i64,
    /// Media type, found from the bytes, not from what the sender says.
    pub media_type: String,
    /// Name for saving.
    pub name: String,
    /// What it is for.
    pub purpose: String,
    /// When it was stored.
    pub created_at: DateTime<Utc>,
}

/// Why files refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case", prefix = "files.")]
pub enum FileRule {
    /// Not a picture, sound or film that we know.
    UnknownMedia,
    /// Over [`MAX_UPLOAD`].
    TooLarge,
    /// No bytes.
    Empty,
}

impl kernel::Rule for FileRule {
    fn code(&self) -> &'static str {
        self.into()
    }

    fn zh(&self) -> String {
        match self {
            Self::UnknownMedia => "只接受图片、录音和录像文件".to_owned(),
            Self::TooLarge => format!("文件超过 {} MB", MAX_UPLOAD / 1024 / 1024),
            Self::Empty => "文件为空".to_owned(),
        }
    }

    fn en(&self) -> String {
        match self {
            Self::UnknownMedia => "Only pictures, sound and film are taken".to_owned(),
            Self::TooLarge => format!("The file is over {} MB", MAX_UPLOAD / 1024 / 1024),
            Self::Empty => "The file is empty".to_owned(),
        }
    }
}

/// How far into a recording its tracks are looked for: they stand before the first sound.
const TRACKS_WITHIN: usize = 8 * 1024;

/// The media type by the first bytes; nothing for what we do not serve. SVG and HTML are not
/// here: they would run scripts in a colleague's browser.
pub fn sniff(bytes: &[u8]) -> Option<&'static str> {
    let at =
        |offset: usize, magic: &[u8]| bytes.get(offset..).is_some_and(|b| b.starts_with(magic));
    let known: &[(usize, &[u8], &str)] = &[
        (0, b"\xff\xd8\xff", "image/jpeg"),
        (0, b"\x89PNG\r\n\x1a\n", "image/png"),
        (8, b"WEBP", "image/webp"),
        (8, b"WAVE", "audio/wav"),
        (0, b"OggS", "audio/ogg"),
        (0, b"\x1a\x45\xdf\xa3", "video/webm"),
        (4, b"ftyp", "video/mp4"),
        (0, b"ID3", "audio/mpeg"),
    ];
    let found = known.iter().find(|(offset, magic, _)| at(*offset, magic)).map(|k| k.2)?;
    Some(match found {
        "video/webm" if only_sound(bytes, &[b"A_OPUS"], &[b"V_VP", b"V_AV1", b"V_MP"]) => {
            "audio/webm"
        }
        "video/mp4" if only_sound(bytes, &[b"soun"], &[b"vide"]) => "audio/mp4",
        other => other,
    })
}

/// Whether a container that can hold both holds a track of sound and none of pictures.
fn only_sound(bytes: &[u8], sound: &[&[u8]], pictures: &[&[u8]]) -> bool {
    let head = bytes.get(..TRACKS_WITHIN).unwrap_or(bytes);
    let has = |marks: &[&[u8]]| marks.iter().any(|m| head.windows(m.len()).any(|w| w == *m));
    has(sound) && !has(pictures)
}
