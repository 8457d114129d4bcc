//! A scripted mail server on loopback, and names that people should not have.

use super::*;
use crate::domain::time::At;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;

fn settings(url: Option<&str>) -> MailSettings {
    MailSettings {
        url: url.map(str::to_owned),
        from_name: "Chợ Gánh".into(),
        from_address: "cho@ganh.example".into(),
        timeout_ms: 400,
    }
}

fn letter() -> Letter {
    Letter {
        message_id: "0192f-outbox-7".into(),
        to_name: "Nguyễn Thị Lụa".into(),
        to_address: "lua@example.vn".into(),
        subject: "Đơn HT7K2M9QA đã nhận tiền".into(),
        text: "Chào chị Lụa.".into(),
        html: Some("<p>Chào chị Lụa.</p>".into()),
        at: At::from_unix_seconds(1_795_400_000),
    }
}

/// Answers each command that begins with a scripted word as scripted; hangs up or falls silent when told so.
fn server(script: &'static [(&'static str, &'static str)]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("port");
    let address = listener.local_addr().expect("address");
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || talk(stream, script));
        }
    });
    format!("smtp://{address}")
}

fn talk(mut stream: std::net::TcpStream, script: &[(&str, &str)]) {
    let said =
        |word: &str| script.iter().find(|(command, _)| word.to_uppercase().starts_with(command)).map(|(_, say)| *say);
    let mut lines = BufReader::new(stream.try_clone().expect("clone"));
    let mut next = said("HELLO").unwrap_or("220 fake ESMTP");
    loop {
        match next {
            "silence" => std::thread::sleep(Duration::from_secs(5)),
            "hang up" => return,
            words => write!(stream, "{words}\r\n").unwrap_or(()),
        }
        let mut line = String::new();
        if lines.read_line(&mut line).unwrap_or(0) == 0 {
            return;
        }
        let word = line.trim().to_owned();
        if word == "DATA" && said("DATA").is_none() {
            write!(stream, "354 go\r\n").unwrap_or(());
            while lines.read_line(&mut line).unwrap_or(0) > 0 && line.trim_end().lines().last() != Some(".") {}
            next = said("END").unwrap_or("250 taken");
        } else {
            next = said(&word).unwrap_or("250 ok");
        }
    }
}

async fn told(script: &'static [(&'static str, &'static str)]) -> Result<(), MailError> {
    Mailer::new(settings(Some(&server(script)))).expect("settings").send(&letter()).await
}

fn raw_of(letter: &Letter) -> Result<String, String> {
    super::letter::write(letter, &settings(None)).map(|message| String::from_utf8(message.formatted()).expect("ascii"))
}

#[tokio::test]
async fn a_letter_has_both_bodies_and_the_id_it_was_given() {
    let mailer = Mailer::new(settings(Some("memory:"))).expect("settings");
    mailer.send(&letter()).await.expect("sent");
    mailer.send(&letter()).await.expect("sent");
    let sent = mailer.sent();
    let raw = &sent[0].raw;
    assert!(raw.contains("Message-ID: <0192f-outbox-7@ganh.example>"), "{raw}");
    assert!(raw.contains("multipart/alternative") && raw.contains("text/plain") && raw.contains("text/html"), "{raw}");
    assert!(raw.contains("Date: Mon, 23 Nov 2026"), "{raw}");
    assert_eq!(raw, &sent[1].raw, "the same letter is the same bytes");
    assert_eq!(sent[0].letter, letter());
}

#[test]
fn a_hostile_name_or_subject_never_makes_a_header_nor_a_panic() {
    let hostile = [
        "Lụa\r\nBcc: all@example.vn",
        "Lụa\nX: y",
        "\u{0}",
        "\r",
        "a\u{0}b",
        "\u{7f}\u{85}\u{2028}",
        "\"",
        "\\",
        "\"\\\"<a@b>",
        "=?utf-8?q?x?=",
        "<script>",
        "",
        "   ",
        "🐔🐔",
        "e\u{301}",
        "\u{202e}txt",
        ",;:@()[]",
        "Lụa <x@y.z>",
    ];
    let long = "ế".repeat(20_000);
    for name in hostile.iter().copied().chain([long.as_str()]) {
        let bad = Letter { to_name: name.into(), subject: name.into(), message_id: name.into(), ..letter() };
        let raw = raw_of(&bad).expect("written");
        let head = raw.split("\r\n\r\n").next().expect("head");
        let names: Vec<&str> = head
            .lines()
            .filter(|line| !line.starts_with([' ', '\t']))
            .filter_map(|line| line.split(':').next())
            .collect();
        for header in &names {
            assert!(
                ["From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type"].contains(header),
                "{name:?}: {header}"
            );
        }
        assert!(names.len() <= 7 && raw.len() < 10_000, "{name:?}");
    }
}

#[tokio::test]
async fn what_is_no_address_is_refused_for_good() {
    let mailer = Mailer::new(settings(Some("memory:"))).expect("settings");
    for address in ["", "lua", "a@b\r\nRCPT TO:<x@y.z>", "a b@c.d", "a@", "@c.d", "\u{0}@c.d"] {
        let answered = mailer.send(&Letter { to_address: address.into(), ..letter() }).await;
        assert!(matches!(answered, Err(MailError::Permanent(_))), "{address:?}: {answered:?}");
    }
    assert!(mailer.sent().is_empty());
}

#[tokio::test]
async fn a_server_that_takes_the_letter_is_success() {
    assert_eq!(told(&[]).await, Ok(()));
}

#[tokio::test]
async fn troubles_of_the_server_are_transient_and_refusals_permanent() {
    let transient: [&'static [(&str, &str)]; 7] = [
        &[("HELLO", "silence")],
        &[("HELLO", "421 busy")],
        &[("EHLO", "hang up")],
        &[("RCPT", "450 later")],
        &[("RCPT", "silence")],
        &[("END", "hang up")],
        &[("MAIL", "530 sign in first")],
    ];
    for script in transient {
        let answered = told(script).await;
        assert!(matches!(answered, Err(MailError::Transient(_))), "{script:?}: {answered:?}");
    }
    let permanent: [&'static [(&str, &str)]; 2] = [&[("RCPT", "550 nobody here")], &[("END", "554 no")]];
    for script in permanent {
        let answered = told(script).await;
        assert!(matches!(answered, Err(MailError::Permanent(_))), "{script:?}: {answered:?}");
    }
}

#[tokio::test]
async fn nobody_listening_is_transient_and_quick() {
    let closed = TcpListener::bind("127.0.0.1:0").expect("port").local_addr().expect("address");
    let mailer = Mailer::new(settings(Some(&format!("smtp://{closed}")))).expect("settings");
    assert!(matches!(mailer.send(&letter()).await, Err(MailError::Transient(_))));
}

#[tokio::test]
async fn a_folder_holds_each_letter_once() {
    let folder = tempfile::tempdir().expect("folder");
    let mailer = Mailer::new(settings(Some(&format!("dir://{}/mail", folder.path().display())))).expect("settings");
    for id in ["a-1", "a-1", "../../etc/passwd"] {
        mailer.send(&Letter { message_id: id.into(), ..letter() }).await.expect("written");
    }
    let mut names: Vec<String> = std::fs::read_dir(folder.path().join("mail"))
        .expect("folder")
        .map(|entry| entry.expect("entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert_eq!(names, ["a-1.eml", "etcpasswd.eml"]);
}

#[tokio::test]
async fn without_an_address_there_is_no_mail_and_a_wrong_one_is_named() {
    let none = Mailer::new(settings(None)).expect("settings");
    assert!(!none.is_live());
    assert!(matches!(none.send(&letter()).await, Err(MailError::Permanent(_))));
    for url in ["http://x", "dir://relative", "smtp//x", ""] {
        let error = Mailer::new(settings(Some(url))).err().expect("refused");
        assert!(error.to_string().starts_with("SMTP_URL: "), "{error}");
    }
}
