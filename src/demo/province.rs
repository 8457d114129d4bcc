//! Makes the whole province in an empty market: cooperatives and people, shelves and papers, lots, the orders of 120 days, the
//! scenes. The order of these steps, and nothing of how each is done.

use super::after;
use super::ahead;
use super::chance::{Stage, together};
use super::history::{self, Ground, Lots};
use super::living;
use super::opening::{Opening, SignIn};
use super::recipe::Recipe;
use super::scenes::{self, Reserved};
use super::shelves;
use super::shops::{self, Shop};
use super::tables::{self, Person, ShopState};
use crate::domain::account::GrantKind;
use crate::domain::id::AccountId;
use crate::domain::product::CooperativeState;
use crate::domain::time::At;
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::founding::set_cooperative_state;
use crate::service::kit::Kit;
use crate::service::people::{self, Joining, NewGrant};
use crate::service::who::Operator;
use crate::store;

/// Lots whose codes are told whoever opens the demonstration.
const LOTS_NAMED: i64 = 200;

/// Fills an empty, migrated database. What it makes follows from the kit's present time and the recipe.
///
/// # Errors
/// The first service's that refused something.
pub async fn make(kit: &Kit, recipe: &Recipe) -> ServiceResult<Opening> {
    let stage = Stage { kit: kit.clone(), seed: recipe.seed, now: kit.now() };
    let step = Steps::begin();
    let shops = shops::open(&stage, recipe.size.copies, &recipe.password_hash).await?;
    let others = add_others(&stage, &recipe.password_hash).await?;
    step.over("shops and people");
    let shelves = shelves::fill(&stage, &shops).await?;
    shelves::add_papers(&stage, &shops, &shelves).await?;
    step.over("shelves and papers");
    let mut ground = Ground {
        stage: &stage,
        shops: &shops,
        shelves: &shelves,
        reserved: Default::default(),
        shoppers: others
            .iter()
            .filter(|(person, _)| person.role == "shopper")
            .map(|(person, account)| (account.clone(), person.calling.clone(), person.phone.clone()))
            .collect(),
    };
    let reserved = Reserved::choose(&ground);
    ground.reserved = [reserved.last, reserved.sold_out].into_iter().flatten().collect();
    let mut today = shelves::lots_of_today(&stage, &shops, &shelves);
    reserved.replace(&ground, &mut today);
    let mut lots = Lots::with(&ground, today);
    let purchases = recipe.size.purchases.saturating_mul(usize::try_from(recipe.size.copies).unwrap_or(1));
    let mut planned = history::plan(&ground, purchases, &mut lots);
    let unsold = lots.deal_out(&mut planned);
    step.over("plans");
    living::live(&stage, &shops, &shelves, &planned).await?;
    step.over("orders");
    together(unsold.iter().map(|plan| shelves::open_lot(&stage, &shops, &shelves, plan))).await?;
    step.over("lots");
    scenes::clear_old_lots(&ground).await?;
    scenes::play(&ground, reserved).await?;
    after::play(&ground).await?;
    ahead::play(&ground).await?;
    step.over("scenes");
    close_out_of_season(&stage, &shops, &shelves, &others).await?;
    let newest = kit.db.read(|conn| Ok::<_, ServiceError>(store::lot::list_newest(conn, LOTS_NAMED)?)).await?;
    let codes = newest.iter().map(|lot| lot.code.to_string()).collect();
    Ok(Opening::of(recipe, &shops, &shelves, &sign_ins(&shops, &others, &recipe.password), codes))
}

/// The number that pages give for help: the first operator's, which is nobody's.
pub fn help_phone() -> String {
    let operator = tables::people().iter().find(|person| person.role == "operator");
    operator.map(|person| format!("+84{}", person.phone.trim_start_matches('0'))).unwrap_or_default()
}

/// How long each step takes, for the log.
struct Steps(std::time::Instant);

impl Steps {
    fn begin() -> Self {
        Self(std::time::Instant::now())
    }

    fn over(&self, step: &str) {
        tracing::info!(step, so_far_ms = self.0.elapsed().as_millis(), "the province is being made");
    }
}

type Known = (&'static Person, AccountId);

/// Everybody of the table who belongs to no cooperative: helpers, officials, operators, drivers, shoppers.
async fn add_others(stage: &Stage, hash: &str) -> ServiceResult<Vec<Known>> {
    let at = opened(stage);
    let rows: Vec<&'static Person> = tables::people().iter().filter(|person| person.cooperative.is_none()).collect();
    let mut joining = Vec::new();
    for person in &rows {
        joining.push(Joining {
            phone: shops::phone(&person.phone)?,
            name: person.calling.clone(),
            email: Some(person.mail()),
            password_hash: Some(hash.to_owned()),
            number: String::new(),
            roles: Vec::new(),
        });
    }
    let accounts = people::add_people(&stage.at(at, "others"), None, joining).await?;
    let known: Vec<Known> = rows.into_iter().zip(accounts).collect();
    let grants = known.iter().filter_map(|(person, account)| Some((person, account, grant_of(person)?)));
    together(grants.map(|(person, account, grant)| {
        let kit = stage.at(at, &format!("grant-{}", person.key));
        async move { people::give_grant(&kit, account, grant).await }
    }))
    .await?;
    Ok(known)
}

fn opened(stage: &Stage) -> At {
    stage.now.day().plus_days(-shops::OPENED_DAYS_AGO).at_minute(7 * 60)
}

fn grant_of(person: &Person) -> Option<NewGrant> {
    let (kind, whole) = match person.role.as_str() {
        "helper" => (GrantKind::Helper, "p:33"),
        "official" => (GrantKind::Official, "p:33"),
        "operator" => (GrantKind::Operator, "*"),
        _ => return None,
    };
    Some(NewGrant {
        kind,
        territory: person.commune_code.clone().unwrap_or_else(|| whole.to_owned()),
        basis: format!("MAU-QD-{}", person.key),
        office: (kind == GrantKind::Official).then(|| person.calling.clone()),
        valid_days: None,
    })
}

/// Shops of one season close when nothing fresh of theirs is in season.
async fn close_out_of_season(
    stage: &Stage,
    shops: &[Shop],
    shelves: &[shelves::Shelf],
    others: &[Known],
) -> ServiceResult<()> {
    let Some((person, account)) = others.iter().find(|(person, _)| person.role == "operator") else { return Ok(()) };
    let operator = Operator { account: account.clone(), name: person.calling.clone() };
    let today = stage.now.day();
    for (index, shop) in shops.iter().enumerate() {
        let fresh = |shelf: &&shelves::Shelf| shelf.shop == index && shelf.what.form() == tables::Form::Fresh;
        let has_fresh = shelves.iter().filter(fresh).any(|shelf| shelf.what.season_on(today).is_on());
        if shop.row.state == ShopState::Seasonal && !has_fresh {
            let kit = stage.at(stage.now, &format!("season-{}", shop.mark()));
            set_cooperative_state(&kit, &operator, &shop.id, CooperativeState::Open, CooperativeState::Paused).await?;
        }
    }
    Ok(())
}

/// Sign-ins that are printed: of every role, and of sellers with each way of being paid.
fn sign_ins(shops: &[Shop], others: &[Known], password: &str) -> Vec<SignIn> {
    let of = |role: &'static str, name: &str, phone: &str, cooperative: Option<&Shop>| SignIn {
        role: role.into(),
        name: name.to_owned(),
        phone: phone.to_owned(),
        password: password.to_owned(),
        cooperative: cooperative.map(|shop| shop.seller.cooperative_name.clone()),
    };
    let seller = |shop: &Shop| of("seller", &shop.seller.name, &shop.manager_phone.replace(' ', ""), Some(shop));
    let numbers = [1, 4, 46, 18, 3, 26];
    let mut all: Vec<SignIn> = numbers
        .iter()
        .filter_map(|number| shops.iter().find(|shop| shop.copy == 0 && shop.row.number == *number))
        .map(seller)
        .collect();
    let staff = tables::people()
        .iter()
        .filter(|person| person.cooperative == Some(1) && matches!(person.role.as_str(), "packer" | "accountant"));
    all.extend(staff.map(|person| of("seller", &person.calling, &person.phone, shops.first())));
    for (role, word, most) in
        [("shopper", "shopper", 2), ("helper", "helper", 1), ("official", "official", 7), ("operator", "operator", 1)]
    {
        let people = others.iter().filter(|(person, _)| person.role == role);
        all.extend(people.take(most).map(|(person, _)| of(word, &person.calling, &person.phone, None)));
    }
    all
}
