//! The server, built from the table of routes.

use super::enter::enter;
use super::error::{Fault, WebError};
use super::health;
use super::observe::observe;
use super::route::Route;
use super::routes;
use super::site::Site;
use actix_web::dev::Server;
use actix_web::http::Method;
use actix_web::middleware::from_fn;
use actix_web::{App, HttpResponse, HttpServer, guard, web};
use std::net::TcpListener;
use std::rc::Rc;
use std::time::Duration;

/// The first head of a connection must be here within this time.
const HEAD_TIMEOUT: Duration = Duration::from_secs(5);
/// An idle connection is kept this long.
const KEEP_ALIVE: Duration = Duration::from_secs(30);
/// Requests under way have this long when the program stops.
const STOP_PATIENCE_S: u64 = 10;
const CONNECTIONS_A_WORKER: usize = 4_096;
/// Bounds of actix itself, above any of ours (`form.rs` keeps to the table's).
const LARGEST_BODY_BYTES: usize = 16 * 1024 * 1024;
/// Threads that answer; each runs many requests at once.
const WORKERS: usize = 2;

/// Starts to answer on a socket that is already bound.
pub fn start(listener: TcpListener, site: web::Data<Site>) -> std::io::Result<Server> {
    let server = HttpServer::new(move || {
        App::new()
            .app_data(site.clone())
            .app_data(web::PayloadConfig::new(LARGEST_BODY_BYTES))
            .configure(|config| mount(config, site.kit.config.is_demo))
            .default_service(web::to(|| async { Err::<HttpResponse, _>(WebError::not_found()) }))
            .wrap(from_fn(observe))
    });
    Ok(server
        .workers(WORKERS)
        .keep_alive(KEEP_ALIVE)
        .client_request_timeout(HEAD_TIMEOUT)
        .max_connections(CONNECTIONS_A_WORKER)
        .shutdown_timeout(STOP_PATIENCE_S)
        .disable_signals()
        .listen(listener)?
        .run())
}

/// The figures on a port of their own (`METRICS_LISTEN`).
pub fn start_metrics(listener: TcpListener, site: web::Data<Site>) -> std::io::Result<Server> {
    let server = HttpServer::new(move || {
        App::new().app_data(site.clone()).route("/metrics", web::get().to(health::metrics_anywhere))
    });
    Ok(server.workers(1).disable_signals().listen(listener)?.run())
}

/// One resource for each path, with all its methods; another method is 405 and says which there are.
fn mount(config: &mut web::ServiceConfig, is_demo: bool) {
    let mut paths: Vec<(&'static str, Vec<Route>)> = Vec::new();
    for route in routes::mounted(is_demo) {
        match paths.iter_mut().find(|(path, _)| *path == route.path) {
            Some((_, routes)) => routes.push(route),
            None => paths.push((route.path, vec![route])),
        }
    }
    for (path, routes) in paths {
        let allow = routes.iter().map(|route| route.method.as_str()).collect::<Vec<_>>().join(", ");
        let mut resource = web::resource(path);
        for route in routes {
            resource = resource.route(entered(route));
        }
        config.service(resource.default_service(web::to(move || wrong_method(allow.clone()))));
    }
}

fn entered(route: Route) -> actix_web::Route {
    let handler = match route.method {
        Method::GET => route.handler().guard(guard::Any(guard::Get()).or(guard::Head())),
        _ => route.handler().method(route.method.clone()),
    };
    let route = Rc::new(route);
    handler.wrap(from_fn(move |req, next| enter(Rc::clone(&route), req, next)))
}

async fn wrong_method(allow: String) -> HttpResponse {
    let mut answer = HttpResponse::build(Fault::WrongMethod.status());
    answer.insert_header((actix_web::http::header::ALLOW, allow));
    answer.finish()
}
