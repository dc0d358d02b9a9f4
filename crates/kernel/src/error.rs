//! One error type for the whole platform, and how it becomes a response (RFC 9457).

use crate::Permission;
use axum::{
    Json,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

/// What every fallible function of the platform returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why something was refused or failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nobody is signed in.
    #[error("unauthenticated")]
    Unauthenticated,
    /// Signed in, but without the key.
    #[error("forbidden: {}", .0.key)]
    Forbidden(Permission),
    /// Not there, or out of the caller's sight.
    #[error("no such {0}")]
    NotFound(&'static str),
    /// The input is wrong; each entry names a field and says why.
    #[error("invalid input: {0:?}")]
    Invalid(Vec<Fault>),
    /// A business rule said no.
    #[error("{code}: {en}")]
    Rule {
        /// Stable name, `domain.reason`.
        code: &'static str,
        /// The sentence for people, Chinese.
        zh: String,
        /// The sentence for people, English.
        en: String,
    },
    /// Somebody else changed it first.
    #[error("stale")]
    Stale,
    /// This command was carried out already; the stored answer stands for it.
    #[error("replayed")]
    Replayed,
    /// Too many requests.
    #[error("rate limited for {0} s")]
    TooMany(u64),
    /// The fault is ours.
    #[error("internal")]
    Internal(#[source] anyhow::Error),
}

/// One wrong field.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Fault {
    /// Name of the field in the request.
    pub field: String,
    /// What is wrong, Chinese.
    pub zh: String,
    /// What is wrong, English.
    pub en: String,
}

/// An enum of the reasons for which one domain refuses.
pub trait Rule: std::fmt::Debug {
    /// Stable name, `domain.reason`.
    fn code(&self) -> &'static str;
    /// The sentence for people, Chinese.
    fn zh(&self) -> String;
    /// The sentence for people, English.
    fn en(&self) -> String;
}

impl<R: Rule> From<R> for Error {
    fn from(rule: R) -> Self {
        Self::Rule { code: rule.code(), zh: rule.zh(), en: rule.en() }
    }
}

impl From<sqlx::Error> for Error {
    fn from(e: sqlx::Error) -> Self {
        Self::Internal(e.into())
    }
}

impl From<anyhow::Error> for Error {
    fn from(e: anyhow::Error) -> Self {
        Self::Internal(e)
    }
}

/// Turns a named constraint's violation into the rule that it enforces.
pub trait OnConstraint<T> {
    /// `error` when the constraint `name` was violated, otherwise the error as it is.
    fn on_constraint(self, name: &str, error: impl Into<Error>) -> Result<T>;
}

impl<T> OnConstraint<T> for Result<T, sqlx::Error> {
    fn on_constraint(self, name: &str, error: impl Into<Error>) -> Result<T> {
        self.map_err(|e| match &e {
            sqlx::Error::Database(db) if db.constraint() == Some(name) => error.into(),
            _ => e.into(),
        })
    }
}

/// A refusal as the client sees it.
#[derive(Debug, serde::Serialize, utoipa::ToSchema)]
pub struct Problem {
    /// HTTP status.
    pub status: u16,
    /// Stable name of the refusal, `domain.reason`.
    pub code: String,
    /// The sentence for people, Chinese.
    pub title: String,
    /// The sentence for people, English.
    pub title_en: String,
    /// Wrong fields, when the input was wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<Fault>,
}

impl Error {
    /// One wrong field.
    pub fn invalid(field: &str, zh: &str, en: &str) -> Self {
        Self::Invalid(vec![Fault { field: field.to_owned(), zh: zh.to_owned(), en: en.to_owned() }])
    }

    /// What the client is told.
    pub fn problem(&self) -> Problem {
        let (status, code, zh, en) = match self {
            Self::Unauthenticated => {
                (401, "unauthenticated", "请先登录".to_owned(), "Please sign in".to_owned())
            }
            Self::Forbidden(p) => {
                (403, "forbidden", format!("没有权限：{}", p.zh), format!("Not allowed: {}", p.en))
            }
            Self::NotFound(what) => (
                404,
                "not_found",
                "未找到，或不在您的管理范围内".to_owned(),
                format!("No such {what}, or it is out of your scope"),
            ),
            Self::Invalid(faults) => (
                422,
                "invalid",
                faults.iter().map(|f| f.zh.as_str()).collect::<Vec<_>>().join("；"),
                faults.iter().map(|f| f.en.as_str()).collect::<Vec<_>>().join("; "),
            ),
            Self::Rule { code, zh, en } => (422, *code, zh.clone(), en.clone()),
            Self::Stale => (
                409,
                "stale",
                "数据已被他人修改，请刷新后重试".to_owned(),
                "Somebody changed it first; reload and try again".to_owned(),
            ),
            Self::Replayed => {
                (409, "replayed", "该操作已完成".to_owned(), "Already done".to_owned())
            }
            Self::TooMany(s) => (
                429,
                "too_many_requests",
                format!("操作过于频繁，请 {s} 秒后再试"),
                format!("Too many requests; try again in {s} s"),
            ),
            Self::Internal(_) => (
                500,
                "internal",
                "系统繁忙，请稍后再试".to_owned(),
                "Something went wrong on our side; please try again".to_owned(),
            ),
        };
        let faults = if let Self::Invalid(f) = self { f.clone() } else { Vec::new() };
        Problem { status, code: code.to_owned(), title: zh, title_en: en, faults }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        if let Self::Internal(e) = &self {
            tracing::error!(error = ?e, "request failed");
        }
        let problem = self.problem();
        let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::BAD_REQUEST);
        let kind = [(header::CONTENT_TYPE, "application/problem+json")];
        let mut response = (status, kind, Json(problem)).into_response();
        response.headers_mut().insert(
            header::CONTENT_TYPE,
            header::HeaderValue::from_static("application/problem+json"),
        );
        if let Self::TooMany(seconds) = self {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

/// `axum::Json` and `Query`, whose rejections are our problems.
pub mod extract {
    use super::Error;
    use axum::extract::{FromRequest, FromRequestParts, Request};
    use axum::http::request::Parts;
    use serde::de::DeserializeOwned;

    /// A JSON body; a wrong one is refused with the place of the mistake.
    pub struct Json<T>(pub T);

    impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
        type Rejection = Error;
        async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
            match axum::Json::<T>::from_request(request, state).await {
                Ok(axum::Json(value)) => Ok(Self(value)),
                Err(e) => Err(Error::invalid("body", "请求内容有误", &e.body_text())),
            }
        }
    }

    /// A query string; a wrong one is refused with the place of the mistake.
    pub struct Query<T>(pub T);

    impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
        type Rejection = Error;
        async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
            match axum::extract::Query::<T>::from_request_parts(parts, state).await {
                Ok(axum::extract::Query(value)) => Ok(Self(value)),
                Err(e) => Err(Error::invalid("query", "查询条件有误", &e.body_text())),
            }
        }
    }

    /// A path segment; a wrong one is a page that does not exist.
    pub struct Path<T>(pub T);

    impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
        type Rejection = Error;
        async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
            match axum::extract::Path::<T>::from_request_parts(parts, state).await {
                Ok(axum::extract::Path(value)) => Ok(Self(value)),
                Err(_) => Err(Error::NotFound("page")),
            }
        }
    }
}
