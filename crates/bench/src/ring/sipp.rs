//! Callers: SIPp from the trunk's side, each call from another household's number.

use super::phones::{header, user};
use anyhow::{Context as _, Result, bail};
use std::collections::HashMap;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, SystemTime};
use tokio::process::Command;

/// Whom to call, and how.
pub struct Calls<'a> {
    /// The switch's SIP port.
    pub sip_port: u16,
    /// The number that is called.
    pub number: &'a str,
    /// Calls a second.
    pub rate: u32,
    /// From these numbers, one call each.
    pub callers: &'a [String],
    /// From the answer until the caller puts the telephone down.
    pub talk: Duration,
}

/// What became of them.
pub struct Made {
    /// When each number's INVITE was sent.
    pub sent: HashMap<String, SystemTime>,
    /// Calls that did not end as they should, by SIPp's own count.
    pub failed: usize,
}

impl Calls<'_> {
    /// Makes them all, and reads from SIPp's own log when each INVITE was sent.
    pub async fn make(&self, dir: &Path) -> Result<Made> {
        let (scenario, numbers) = (dir.join("caller.xml"), dir.join("numbers.csv"));
        let (log, errors) = (dir.join("messages.log"), dir.join("errors.log"));
        std::fs::write(&scenario, SCENARIO)?;
        std::fs::write(&numbers, format!("SEQUENTIAL\n{}\n", self.callers.join("\n")))?;
        let _ = std::fs::remove_file(&log);
        let _ = std::fs::remove_file(&errors);
        let mut sipp = Command::new("sipp");
        sipp.arg(format!("127.0.0.1:{}", self.sip_port))
            .args(["-i", "127.0.0.1", "-s", self.number, "-nostdin", "-l", "3000"])
            .args(["-trace_msg", "-message_overwrite", "false", "-trace_err"])
            .args(["-recv_timeout", "15000", "-timeout", "120"])
            .args(["-r", &self.rate.to_string(), "-m", &self.callers.len().to_string()])
            .args(["-d", &self.talk.as_millis().to_string()])
            .arg("-sf")
            .arg(&scenario)
            .arg("-inf")
            .arg(&numbers)
            .arg("-message_file")
            .arg(&log)
            .arg("-error_file")
            .arg(&errors)
            // Its log speaks local time.
            .env("TZ", "UTC")
            .current_dir(dir)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let ended = sipp.status().await.context("cannot run sipp")?;
        // 1: some calls failed; anything above is a SIPp that could not work.
        if !matches!(ended.code(), Some(0 | 1 | 97)) {
            let why = std::fs::read_to_string(&errors).unwrap_or_default();
            bail!("sipp ended with {ended}: {why}");
        }
        let text = std::fs::read(&log).context("sipp kept no log")?;
        let made = read_log(&String::from_utf8_lossy(&text));
        if made.sent.is_empty() {
            bail!("no INVITE in {}", log.display());
        }
        Ok(made)
    }
}

/// First INVITE of each number, and how many calls had no 200 to their BYE.
fn read_log(log: &str) -> Made {
    let mut sent = HashMap::new();
    let mut ended = 0;
    for entry in log.split("-----------------------------------------------").skip(1) {
        let Some((head, message)) = entry.split_once("\n\n") else { continue };
        let out = head.contains("message sent");
        if out && message.starts_with("INVITE ") {
            if let Some(at) = instant(head) {
                sent.entry(user(header(message, "From"))).or_insert(at);
            }
        } else if !out && message.starts_with("SIP/2.0 200") {
            ended += usize::from(header(message, "CSeq").ends_with("BYE"));
        }
    }
    let failed = sent.len().saturating_sub(ended);
    Made { sent, failed }
}

/// The Unix time in the first line of an entry, whatever stands around it.
fn instant(head: &str) -> Option<SystemTime> {
    let line = head.lines().next()?;
    let unix = line.split_whitespace().find_map(|w| {
        let (seconds, rest) = w.split_once('.')?;
        (seconds.len() == 10 && rest.len() == 6).then(|| w.parse::<f64>().ok())?
    });
    match unix {
        Some(unix) => Some(SystemTime::UNIX_EPOCH + Duration::from_secs_f64(unix)),
        None => {
            let at = line.trim().replace('\t', " ");
            let at = chrono::NaiveDateTime::parse_from_str(&at, "%Y-%m-%d %H:%M:%S%.f").ok()?;
            Some(at.and_utc().into())
        }
    }
}

/// A caller: dials, is answered, stays on the line, puts the telephone down.
const SCENARIO: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<scenario name="caller">
<send retrans="500"><![CDATA[
INVITE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:[field0]@[local_ip]:[local_port]>;tag=[pid]b[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>
Call-ID: [call_id]
CSeq: 1 INVITE
Contact: <sip:[field0]@[local_ip]:[local_port]>
Max-Forwards: 70
Content-Type: application/sdp
Content-Length: [len]

v=0
o=- 1 1 IN IP[local_ip_type] [local_ip]
s=-
c=IN IP[media_ip_type] [media_ip]
t=0 0
m=audio [media_port] RTP/AVP 8
a=rtpmap:8 PCMA/8000
]]></send>
<recv response="100" optional="true"/>
<recv response="180" optional="true"/>
<recv response="183" optional="true"/>
<recv response="200" rrs="true"/>
<send><![CDATA[
ACK [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:[field0]@[local_ip]:[local_port]>;tag=[pid]b[call_number]
[last_To:]
Call-ID: [call_id]
CSeq: 1 ACK
Contact: <sip:[field0]@[local_ip]:[local_port]>
Max-Forwards: 70
Content-Length: 0

]]></send>
<pause/>
<send retrans="500"><![CDATA[
BYE [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:[field0]@[local_ip]:[local_port]>;tag=[pid]b[call_number]
[last_To:]
Call-ID: [call_id]
CSeq: 2 BYE
Max-Forwards: 70
Content-Length: 0

]]></send>
<recv response="200"/>
</scenario>
"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_tells_when_each_number_called_and_which_call_did_not_end() {
        let line = "-".repeat(47);
        let log = format!(
            "{line} 2026-11-22\t06:01:02.250000\t1795327262.250000\nUDP message sent (9 bytes):\n\n\
             INVITE sip:95700@127.0.0.1:5 SIP/2.0\r\nFrom: <sip:139@127.0.0.1:1>;tag=1\r\n\r\n\
             {line} 2026-11-22 06:01:02.350000\nUDP message sent (9 bytes):\n\n\
             INVITE sip:95700@127.0.0.1:5 SIP/2.0\r\nFrom: <sip:138@127.0.0.1:1>;tag=1\r\n\r\n\
             {line} 2026-11-22 06:01:03.350000\nUDP message received [9] bytes :\n\n\
             SIP/2.0 200 OK\r\nCSeq: 2 BYE\r\n\r\n"
        );
        let made = read_log(&log);
        assert_eq!((made.sent.len(), made.failed), (2, 1));
        let apart = made.sent["138"].duration_since(made.sent["139"]).unwrap();
        assert!(apart.abs_diff(Duration::from_millis(100)) < Duration::from_micros(10));
    }
}
