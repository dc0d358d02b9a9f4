//! Routes: upload and download.

use crate::range::{Asked, asked};
use crate::{File, FileRule, Files, MAX_UPLOAD, store};
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Extension, Multipart};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use kernel::error::extract::Path;
use kernel::{App, Caller, Error, FileId, Problem, Result};
use utoipa_axum::{router::OpenApiRouter, routes};

/// All routes of files.
pub fn router(files: Files) -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(upload_file))
        .routes(routes!(download_file))
        .layer(DefaultBodyLimit::max(MAX_UPLOAD + 64 * 1024))
        .layer(Extension(files))
}

/// The parts of an upload.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "only describes the multipart form")]
struct Upload {
    /// The bytes.
    #[schema(format = Binary, content_media_type = "application/octet-stream")]
    file: String,
    /// What it is for, such as photo_before.
    purpose: String,
}

/// Stores a picture, sound or film. The answer carries its SHA-256.
#[utoipa::path(post, path = "/api/files", tag = "files",
    request_body(content = Upload, content_type = "multipart/form-data"),
    responses((status = 200, body = File), (status = "4XX", body = Problem)))]
async fn upload_file(
    by: Caller,
    Extension(files): Extension<Files>,
    form: Multipart,
) -> Result<axum::Json<File>> {
    let (bytes, name, purpose) = parts(form).await?;
    if bytes.len() > MAX_UPLOAD {
        return Err(FileRule::TooLarge.into());
    }
    let mut tx = by.begin().await?;
    tx.user()?;
    let file = files.put(&mut tx, bytes, &name, &purpose).await?;
    tx.reply(file).await
}

async fn parts(mut form: Multipart) -> Result<(Bytes, String, String)> {
    let broken = |e: axum::extract::multipart::MultipartError| {
        if e.status() == StatusCode::PAYLOAD_TOO_LARGE {
            return Error::from(FileRule::TooLarge);
        }
        Error::invalid("file", "上传内容不完整", &e.body_text())
    };
    let (mut file, mut purpose) = (None, String::new());
    while let Some(field) = form.next_field().await.map_err(broken)? {
        match field.name() {
            Some("file") => {
                let name = field.file_name().unwrap_or_default().to_owned();
                file = Some((field.bytes().await.map_err(broken)?, name));
            }
            Some("purpose") => purpose = field.text().await.map_err(broken)?,
            _ => {}
        }
    }
    let (bytes, name) = file.ok_or_else(|| Error::invalid("file", "缺少文件", "no file"))?;
    Ok((bytes, name, purpose))
}

/// A stored file, or the part of it that the `Range` header names.
#[utoipa::path(get, path = "/api/files/{id}", tag = "files", params(("id" = FileId, Path)),
    responses((status = 200, description = "The bytes"), (status = 206, description = "A part"),
              (status = "4XX", body = Problem)))]
async fn download_file(
    by: Caller,
    Extension(files): Extension<Files>,
    Path(id): Path<FileId>,
    headers: HeaderMap,
) -> Result<Response> {
    let mut tx = by.read().await?;
    tx.user()?;
    let file = store::get(&mut tx, id).await?;
    // Recordings are served by the call that they belong to, which knows who may listen; lists of
    // customers by the import.
    if matches!(file.purpose.as_str(), "recording" | "import") {
        return Err(Error::NotFound("file"));
    }
    drop(tx);
    serve(&files, &file, &headers).await
}

/// Answers with a file, honouring `Range` and `If-None-Match`.
pub async fn serve(files: &Files, file: &File, request: &HeaderMap) -> Result<Response> {
    let text = |name| request.get(name).and_then(|v: &header::HeaderValue| v.to_str().ok());
    let tag = format!("\"{}\"", file.sha256);
    if text(header::IF_NONE_MATCH) == Some(tag.as_str()) {
        return Ok(StatusCode::NOT_MODIFIED.into_response());
    }
    let size = u64::try_from(file.size).unwrap_or_default();
    let (status, part) = match asked(text(header::RANGE), size) {
        Asked::Whole => (StatusCode::OK, None),
        Asked::Part(first, last) => (StatusCode::PARTIAL_CONTENT, Some((first, last))),
        Asked::Nothing => {
            let range = [(header::CONTENT_RANGE, format!("bytes */{size}"))];
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, range).into_response());
        }
    };
    let bytes = files.read(file, part).await?;
    let mut response = Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, &file.media_type)
        .header(header::ACCEPT_RANGES, "bytes")
        .header(header::ETAG, tag)
        .header(header::CACHE_CONTROL, "private, max-age=31536000, immutable")
        .header(header::CONTENT_LENGTH, bytes.len());
    if let Some((first, last)) = part {
        response = response.header(header::CONTENT_RANGE, format!("bytes {first}-{last}/{size}"));
    }
    response.body(Body::from(bytes)).map_err(|e| Error::Internal(e.into()))
}
