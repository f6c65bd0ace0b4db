// Who exists on the simulated platform, with the names that the pages show.

export const BOT_NAME = "科普助手";

const ROLE = { drafter: "拟稿", approver: "审核", admin: "管理员", viewer: "只读", inspector: "检查", staff: "工作人员" };

export class World {
  constructor(raw) {
    this.users = raw.users ?? [];
    this.groups = raw.groups ?? [];
    this.account = raw.official_account ?? {};
    this.followers = raw.followers ?? this.account.followers ?? [];
    this.robotOnline = raw.robots?.[0]?.connected;
    this.hasRoles = this.users.some((user) => user.role || user.unit);
    this.tour = Array.isArray(raw.tour) && raw.tour.length ? raw.tour : null;
    this.people = new Map([...this.users.map((user) => [user.userid, user]), ...this.followers.map((fan) => [fan.openid, fan])]);
    this.names = new Set([BOT_NAME, "所有人", "all", ...[...this.users, ...(raw.robots ?? [])].map((one) => one.name).filter(Boolean)]);
  }

  name(id) {
    return this.people.get(id)?.name ?? null;
  }

  unit(id) {
    return this.people.get(id)?.unit ?? null;
  }

  isStaff(user) {
    const role = user.role ?? "";
    return role in ROLE || Object.values(ROLE).some((word) => role.includes(word));
  }

  /** 「审核」 for staff, the unit for a contact. */
  station(user) {
    if (!this.hasRoles) return "";
    if (this.isStaff(user)) return ROLE[user.role] ?? user.role ?? "工作人员";
    return user.unit || "未绑定单位";
  }

  get implementers() {
    return this.users.filter((user) => !this.isStaff(user));
  }

  get staff() {
    return this.users.filter((user) => this.isStaff(user));
  }

  shownName(message) {
    if (message.from === "bot") return message.name || BOT_NAME;
    if (String(message.from).startsWith("webhook:")) return message.name || message.from.slice(8);
    return this.name(message.from) ?? message.name ?? message.from;
  }
}
