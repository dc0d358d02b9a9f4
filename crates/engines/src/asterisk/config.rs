//! What Asterisk is told: its configuration files, made from a [`Config`].

use std::fmt::Write as _;
use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};

/// How one private Asterisk is to run.
#[derive(Clone, Debug)]
pub struct Config {
    /// Folder of this instance: configuration, sockets, log, spool. Made when missing.
    pub dir: PathBuf,
    /// Address on which SIP, RTP and HTTP listen; loopback unless a company says otherwise.
    pub bind: IpAddr,
    /// ARI, and the WebSocket of the browsers' telephones (`ws://…/ws`).
    pub http_port: u16,
    /// SIP over UDP, for the trunk.
    pub sip_port: u16,
    /// First and last UDP port for sound.
    pub rtp: (u16, u16),
    /// Folder of the spoken prompts (`survival.wav`, `d0.wav`, …).
    pub prompts: PathBuf,
    /// Folder of the hold music; a soft tone is made when it holds none.
    pub hold_music: PathBuf,
    /// The line to the public network.
    pub trunk: Trunk,
    /// Browser telephones of demonstration callers; they enter as if by the trunk.
    pub demo_callers: Vec<DemoCaller>,
}

/// The line to the public network.
#[derive(Clone, Debug)]
pub struct Trunk {
    /// Where its calls come from: addresses or networks.
    pub hosts: Vec<String>,
    /// `host:port` to which calls to outside go; none means that nobody can be called.
    pub contact: Option<String>,
}

/// A demonstration caller's browser telephone.
#[derive(Clone, Debug)]
pub struct DemoCaller {
    /// SIP user, for instance `caller-demo-1`.
    pub id: String,
    /// SIP password.
    pub password: String,
}

impl Config {
    /// A configuration with the usual ports, on loopback.
    pub fn new(dir: impl Into<PathBuf>, prompts: &Path, hold_music: &Path) -> Self {
        Self {
            dir: dir.into(),
            bind: IpAddr::V4(Ipv4Addr::LOCALHOST),
            http_port: 18088,
            sip_port: 15060,
            rtp: (20000, 20999),
            prompts: prompts.to_owned(),
            hold_music: hold_music.to_owned(),
            trunk: Trunk { hosts: vec!["127.0.0.1".to_owned()], contact: None },
            demo_callers: Vec::new(),
        }
    }

    /// The configuration file to start Asterisk with.
    pub(super) fn main_file(&self) -> PathBuf {
        self.dir.join("etc/asterisk.conf")
    }

    /// Name and text of every configuration file.
    pub(super) fn files(&self, places: &Places, secret: &str) -> Vec<(&'static str, String)> {
        let fill = |text: &str| {
            text.replace("@DIR@", &self.dir.display().to_string())
                .replace("@PROMPTS@", &self.prompts.display().to_string())
        };
        vec![
            ("asterisk.conf", self.main(places)),
            ("modules.conf", include_str!("conf/modules.conf").to_owned()),
            ("sorcery.conf", include_str!("conf/sorcery.conf").to_owned()),
            ("extensions.conf", fill(include_str!("conf/extensions.conf"))),
            ("logger.conf", LOGGER.to_owned()),
            ("cdr.conf", "[general]\nenable = no\n".to_owned()),
            ("cel.conf", "[general]\nenable = no\n".to_owned()),
            ("http.conf", self.http()),
            ("ari.conf", ari(secret)),
            ("rtp.conf", self.rtp()),
            ("musiconhold.conf", self.music()),
            ("pjsip.conf", self.pjsip()),
            ("indications.conf", INDICATIONS.to_owned()),
            ("manager.conf", "[general]\nenabled = no\n".to_owned()),
            // Empty files say "nothing special"; a missing one fills the log with errors.
            ("ccss.conf", String::new()),
            ("features.conf", String::new()),
            ("acl.conf", String::new()),
            ("udptl.conf", String::new()),
            ("pjproject.conf", String::new()),
            ("websocket_client.conf", String::new()),
        ]
    }

    fn main(&self, places: &Places) -> String {
        let dir = self.dir.display();
        let (modules, data) = (places.modules.display(), places.data.display());
        format!(
            "[directories]\n\
             astetcdir => {dir}/etc\n\
             astmoddir => {modules}\n\
             astvarlibdir => {dir}/lib\n\
             astdbdir => {dir}/lib\n\
             astkeydir => {dir}/lib\n\
             astdatadir => {data}\n\
             astagidir => {dir}/lib\n\
             astspooldir => {dir}/spool\n\
             astrundir => {dir}/run\n\
             astlogdir => {dir}/log\n\
             astsbindir => {dir}/lib\n\
             [options]\n\
             documentation_language = en_US\n\
             hideconnect = yes\n"
        )
    }

    fn http(&self) -> String {
        format!(
            "[general]\nenabled = yes\nbindaddr = {}\nbindport = {}\n\
             sessionlimit = 2000\nsession_keep_alive = 60000\nsession_inactivity = 60000\n",
            self.bind, self.http_port
        )
    }

    fn rtp(&self) -> String {
        format!("[general]\nrtpstart = {}\nrtpend = {}\nicesupport = yes\n", self.rtp.0, self.rtp.1)
    }

    fn music(&self) -> String {
        let folder = self.music_folder();
        format!("[default]\nmode = files\nsort = alpha\ndirectory = {}\n", folder.display())
    }

    /// The folder given, or our own when that holds no sound.
    pub(super) fn music_folder(&self) -> PathBuf {
        let has_sound = std::fs::read_dir(&self.hold_music).is_ok_and(|files| {
            files.flatten().any(|f| f.path().extension().is_some_and(|e| e == "wav"))
        });
        if has_sound { self.hold_music.clone() } else { self.dir.join("sounds/moh") }
    }

    fn pjsip(&self) -> String {
        let (ip, sip) = (self.bind, self.sip_port);
        let mut text = format!(
            "[global]\ntype = global\nuser_agent = Hearthline\n\
             ; An agent registers from the trunk's own address on a small machine: names first.\n\
             endpoint_identifier_order = username,ip,anonymous\n\n\
             [udp]\ntype = transport\nprotocol = udp\nbind = {ip}:{sip}\n\n\
             [ws]\ntype = transport\nprotocol = ws\nbind = {ip}\n\n\
             [trunk]\ntype = endpoint\ntransport = udp\ncontext = trunk\nidentify_by = ip\n\
             aors = trunk\n{CODECS}trust_id_inbound = yes\nsend_pai = yes\n\
             bind_rtp_to_media_address = yes\nmedia_address = {ip}\n\n\
             [trunk]\ntype = aor\n"
        );
        if let Some(contact) = &self.trunk.contact {
            let _ = writeln!(text, "contact = sip:{contact}");
        }
        if !self.trunk.hosts.is_empty() {
            text.push_str("\n[trunk-hosts]\ntype = identify\nendpoint = trunk\n");
            for host in &self.trunk.hosts {
                let _ = writeln!(text, "match = {host}");
            }
        }
        for DemoCaller { id, password } in &self.demo_callers {
            let _ = write!(
                text,
                "\n[{id}]\ntype = endpoint\ncontext = trunk\nauth = {id}\naors = {id}\n\
                 webrtc = yes\ntrust_id_inbound = yes\n{CODECS}\
                 bind_rtp_to_media_address = yes\nmedia_address = {ip}\n\n\
                 [{id}]\ntype = auth\nauth_type = userpass\nusername = {id}\n\
                 password = {password}\n\n[{id}]\ntype = aor\nmax_contacts = 5\n"
            );
        }
        text
    }
}

/// Where the parts of the installed Asterisk lie.
#[derive(Clone, Debug)]
pub(super) struct Places {
    pub modules: PathBuf,
    pub data: PathBuf,
}

const LOGGER: &str = "[general]\ndateformat = %F %T.%3q\n[logfiles]\n\
                      console =>\nmessages.log => notice,warning,error\n";

/// China's dial, ring and busy tones.
const INDICATIONS: &str = "[general]\ncountry = cn\n[cn]\ndescription = China\n\
                           ringcadence = 1000,4000\ndial = 450\n\
                           busy = 450/350,0/350\nring = 450/1000,0/4000\n\
                           congestion = 450/700,0/700\n";

/// What the public network speaks; a browser speaks it too, so nothing is transcoded.
const CODECS: &str = "disallow = all\nallow = alaw,ulaw\ndirect_media = no\n\
                      rtp_symmetric = yes\ndtmf_mode = rfc4733\nsend_connected_line = no\n";

fn ari(secret: &str) -> String {
    format!(
        "[general]\nenabled = yes\npretty = no\nchannelvars = HL_ROLE,HL_CALLED\n\n\
         [hearthline]\ntype = user\nread_only = no\npassword = {secret}\n"
    )
}
