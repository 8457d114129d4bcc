//! The world fails: a mail server that is down, slow or says no; a full disk; a database that somebody else holds. Orders never wait
//! for mail, nothing that was answered is lost, and the market goes on by itself.

use crate::kit::TestDb;
use crate::kit::app::TestApp;
use crate::kit::bank::{self, COMMUNE, Movement, coop, goods, order, tell};
use crate::paying::check;
use diesel::connection::SimpleConnection;
use ganh::config::Secret;
use ganh::service::dispatch::dispatch_due;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// How the scripted server treats a letter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Manner {
    Takes,
    /// 451 to the recipient.
    NotNow,
    /// 550 to the recipient.
    Never,
    /// Closes after DATA.
    Drops,
    /// Says nothing at all.
    Hangs,
}

/// A mail server on a port of its own; answers its address and how many letters it took.
fn server(manner: Manner) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("smtp://{}", listener.local_addr().expect("an address"));
    let taken = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&taken);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let count = Arc::clone(&count);
            std::thread::spawn(move || drop(talk(stream, manner, &count)));
        }
    });
    (address, taken)
}

fn talk(mut stream: TcpStream, manner: Manner, taken: &AtomicUsize) -> std::io::Result<()> {
    if manner == Manner::Hangs {
        std::thread::sleep(Duration::from_secs(60));
        return Ok(());
    }
    stream.write_all(b"220 scripted\r\n")?;
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let mut in_data = false;
    while let Some(Ok(line)) = lines.next() {
        if in_data && line != "." {
            continue;
        }
        let command = line.get(..4).unwrap_or("").to_ascii_uppercase();
        let answer = match command.as_str() {
            _ if in_data => {
                in_data = false;
                taken.fetch_add(1, Ordering::SeqCst);
                "250 taken\r\n"
            }
            "RCPT" if manner == Manner::NotNow => "451 come again\r\n",
            "RCPT" if manner == Manner::Never => "550 nobody here\r\n",
            "DATA" if manner == Manner::Drops => return Ok(()),
            "DATA" => {
                in_data = true;
                "354 go on\r\n"
            }
            "QUIT" => "221 bye\r\n",
            _ => "250 ok\r\n",
        };
        stream.write_all(answer.as_bytes())?;
    }
    Ok(())
}

async fn with_mail(db: &TestDb, url: String) -> TestApp {
    TestApp::start_with(db, move |config| config.smtp_url = Some(Secret::new(url))).await
}

fn states(db: &TestDb) -> Vec<(String, i64)> {
    use diesel::prelude::*;
    use ganh::store::schema::outbox;
    let rows = outbox::table.order(outbox::id).select((outbox::state, outbox::tries));
    rows.load::<(String, i64)>(&mut db.bare()).expect("rows")
}

#[test]
fn no_order_waits_for_a_mail_server_and_no_letter_is_forgotten() {
    for (manner, expected) in [
        (Manner::Takes, ("done", 1)),
        (Manner::NotNow, ("owed", 1)),
        (Manner::Never, ("parked", 1)),
        (Manner::Drops, ("owed", 1)),
    ] {
        let db = TestDb::on_sqlite();
        crate::kit::run(async {
            let (url, taken) = server(manner);
            let app = with_mail(&db, url).await;
            let coop = coop(&app.kit, "Nhãn Lồng").await;
            let fruit = goods(&app.kit, &coop, "Nhãn lồng", 20_000, 100).await;
            order(&app.kit, &[(&fruit, "1")]).await;
            dispatch_due(&app.kit).await.expect("a round");
            assert_eq!(states(&db), [(expected.0.to_owned(), expected.1)], "{manner:?}");
            assert_eq!(taken.load(Ordering::SeqCst), usize::from(manner == Manner::Takes), "{manner:?}");
            check(&app.kit).await;
        });
    }
}

#[test]
fn a_mail_server_that_is_down_or_hangs_delays_nobody() {
    let db = TestDb::on_sqlite();
    crate::kit::run(async {
        let nobody = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
        let app = with_mail(&db, format!("smtp://{nobody}")).await;
        let coop = coop(&app.kit, "Nhãn Lồng").await;
        let fruit = goods(&app.kit, &coop, "Nhãn lồng", 20_000, 100).await;
        order(&app.kit, &[(&fruit, "1")]).await;
        dispatch_due(&app.kit).await.expect("a round");
        assert_eq!(states(&db), [("owed".to_owned(), 1)]);
    });
    let db = TestDb::on_sqlite();
    crate::kit::run(async {
        let (url, _taken) = server(Manner::Hangs);
        let app = with_mail(&db, url).await;
        let coop = coop(&app.kit, "Nhãn Lồng").await;
        let fruit = goods(&app.kit, &coop, "Nhãn lồng", 20_000, 100).await;
        order(&app.kit, &[(&fruit, "1")]).await;
        let kit = app.kit.clone();
        let hanging = actix_web::rt::spawn(async move { dispatch_due(&kit).await });
        tokio::time::sleep(Duration::from_millis(200)).await;
        // While the letter hangs, orders are placed and paid.
        let began = Instant::now();
        let placed = order(&app.kit, &[(&fruit, "1")]).await;
        tell(&app, &coop, &Movement::paying(&coop, &placed)).await.is(200);
        assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
        assert!(!hanging.is_finished(), "the letter still hangs");
        check(&app.kit).await;
        hanging.abort();
    });
}

/// A checkout over HTTP.
async fn post_order(app: &TestApp, fruit: &bank::Goods) -> crate::kit::app::Answer {
    let body = serde_json::json!({
        "lines": [{"product": fruit.slug, "quantity": "1"}],
        "buyer": {"name": "Chị Mua", "phone": format!("09{:08}", 20_000_000 + bank::number())},
        "fulfilment": {"kind": "delivery", "commune_code": COMMUNE, "address": "x".repeat(290)},
        "payment": "vietqr",
    });
    let visitor = app.visitor();
    let request = visitor
        .request("POST", "/api/v1/orders")
        .header("idempotency-key", format!("fault-{}", bank::number()))
        .header("content-type", "application/json")
        .body(body.to_string());
    visitor.send(request).await
}

#[test]
fn a_database_that_somebody_else_holds_is_told_as_later() {
    let db = TestDb::on_sqlite();
    crate::kit::run(async {
        let app = TestApp::start(&db).await;
        let coop = coop(&app.kit, "Nhãn Lồng").await;
        let fruit = goods(&app.kit, &coop, "Nhãn lồng", 20_000, 100).await;
        let placed = order(&app.kit, &[(&fruit, "1")]).await;
        let mut holder = db.bare();
        holder.batch_execute("BEGIN IMMEDIATE").expect("held");
        let refused = post_order(&app, &fruit).await.is(503);
        assert!(!refused.header("retry-after").is_empty());
        let refused = tell(&app, &coop, &Movement::paying(&coop, &placed)).await.is(503);
        assert!(!refused.header("retry-after").is_empty());
        app.visitor().get(&format!("/api/v1/products/{}", fruit.slug)).await.is(200);
        holder.batch_execute("ROLLBACK").expect("let go");
        post_order(&app, &fruit).await.is(201);
        tell(&app, &coop, &Movement::paying(&coop, &placed)).await.is(200);
        check(&app.kit).await;
    });
}

/// A file system of 8 MB, where this process may mount one.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn mount() -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder");
        let mount = std::process::Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=8m", "tmpfs"])
            .arg(folder.path())
            .output();
        mount.is_ok_and(|done| done.status.success()).then_some(Self(folder))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

#[test]
fn a_full_disk_refuses_orders_shows_pages_and_takes_orders_again_by_itself() {
    let Some(disk) = SmallDisk::mount() else {
        let _ = writeln!(std::io::stderr(), "SKIPPED the market on a full disk: no right to mount one");
        return;
    };
    let db = TestDb::on_sqlite();
    let path = disk.0.path().join("market.db");
    std::fs::copy(db.url.trim_start_matches("sqlite://"), &path).expect("a copy");
    crate::kit::run(async {
        let url = format!("sqlite://{}", path.display());
        let app = TestApp::start_with(&db, |config| config.database_url = Secret::new(url)).await;
        let coop = coop(&app.kit, "Nhãn Lồng").await;
        let fruit = goods(&app.kit, &coop, "Nhãn lồng", 20_000, 10_000).await;
        let placed = order(&app.kit, &[(&fruit, "1")]).await;
        let ballast = disk.0.path().join("ballast");
        let _ = std::fs::write(&ballast, vec![0_u8; 16 << 20]);
        let (mut taken, mut refused) = (1_usize, 0);
        for _ in 0..200 {
            match post_order(&app, &fruit).await.status {
                201 => taken += 1,
                503 => refused += 1,
                other => panic!("{other}"),
            }
            if refused == 5 {
                break;
            }
        }
        assert_eq!(refused, 5, "the disk was never full");
        tell(&app, &coop, &Movement::paying(&coop, &placed)).await.is(503);
        app.visitor().get(&format!("/api/v1/products/{}", fruit.slug)).await.is(200);
        std::fs::remove_file(&ballast).expect("room is made");
        post_order(&app, &fruit).await.is(201);
        tell(&app, &coop, &Movement::paying(&coop, &placed)).await.is(200);
        check(&app.kit).await;
        let orders = app.kit.db.read(|conn| ganh::store::order::count_by_state(conn, None)).await.expect("counts");
        assert_eq!(orders.iter().map(|(_, count)| usize::try_from(*count).expect("few")).sum::<usize>(), taken + 1);
    });
}
