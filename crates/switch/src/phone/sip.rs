//! SIP messages, as much of them as a plain telephone needs.

use std::fmt::Write as _;

/// A request or a response.
#[derive(Clone, Debug)]
pub(super) struct Message {
    pub start: String,
    headers: Vec<(String, String)>,
    pub body: String,
}

impl Message {
    pub fn parse(datagram: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(datagram).ok()?;
        let (head, body) = text.split_once("\r\n\r\n")?;
        let mut lines = head.split("\r\n");
        let start = lines.next()?.to_owned();
        let pair = |l: &str| l.split_once(':').map(|(k, v)| (k.to_owned(), v.trim().to_owned()));
        Some(Self { start, headers: lines.filter_map(pair).collect(), body: body.to_owned() })
    }

    pub fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(k, _)| k.eq_ignore_ascii_case(name));
        found.map_or("", |(_, v)| v)
    }

    /// The status of a response; none for a request.
    pub fn status(&self) -> Option<u16> {
        self.start.strip_prefix("SIP/2.0 ")?.get(..3)?.parse().ok()
    }

    /// The method of a request, or of the request that a response answers.
    pub fn method(&self) -> &str {
        match self.status() {
            Some(_) => self.header("CSeq").rsplit(' ').next().unwrap_or_default(),
            None => self.start.split(' ').next().unwrap_or_default(),
        }
    }

    pub fn cseq(&self) -> u32 {
        self.header("CSeq").split(' ').next().and_then(|n| n.parse().ok()).unwrap_or_default()
    }

    /// Where the sender wants to be found within the call.
    pub fn contact(&self) -> Option<String> {
        let contact = self.header("Contact");
        let inside = contact.split_once('<')?.1.split_once('>')?.0;
        Some(inside.to_owned())
    }

    /// The user of an address header: the number in `From` or `To`.
    pub fn user(&self, header: &str) -> String {
        let address = self.header(header);
        let user = address.split_once("sip:").and_then(|(_, rest)| rest.split_once('@'));
        user.map(|(user, _)| user.to_owned()).unwrap_or_default()
    }

    /// Where the sender of this session description wants the sound, and whether it listens.
    pub fn media(&self) -> Option<std::net::SocketAddr> {
        let field = |name: &str| self.body.lines().find_map(|l| l.strip_prefix(name));
        let ip = field("c=IN IP4 ")?.trim();
        let port = field("m=audio ")?.split(' ').next()?;
        format!("{ip}:{port}").parse().ok()
    }

    /// The response to this request.
    pub fn respond(&self, status: &str, tag: &str, extra: &str, body: &str) -> String {
        let mut text = format!("SIP/2.0 {status}\r\n");
        for (name, value) in &self.headers {
            let copied = ["Via", "From", "To", "Call-ID", "CSeq", "Record-Route"];
            if copied.iter().any(|c| name.eq_ignore_ascii_case(c)) {
                let needs_tag = name.eq_ignore_ascii_case("To") && !value.contains(";tag=");
                let tag = if needs_tag { format!(";tag={tag}") } else { String::new() };
                let _ = write!(text, "{name}: {value}{tag}\r\n");
            }
        }
        finish(text, extra, body)
    }
}

/// Closes a message: further headers, then the body with its length.
pub(super) fn finish(mut text: String, extra: &str, body: &str) -> String {
    text.push_str(extra);
    if !body.is_empty() {
        text.push_str("Content-Type: application/sdp\r\n");
    }
    let _ = write!(text, "Content-Length: {}\r\n\r\n{body}", body.len());
    text
}

/// What a plain telephone offers: A-law and dialled digits.
pub(super) fn session(port: u16, version: u32, direction: &str) -> String {
    format!(
        "v=0\r\no=- 1 {version} IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n\
         m=audio {port} RTP/AVP 8 101\r\na=rtpmap:8 PCMA/8000\r\n\
         a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\na=ptime:20\r\na={direction}\r\n"
    )
}
