// Every page: its address, its file, who finds it in the menu. A file exports
// `Page({session, directory})`; it is fetched when somebody goes there. `below`: something stands behind
// the path, and so it is in no menu.
const ALL = ['admin', 'manager', 'clerk', 'board'];

export const ROUTES = [
  { path: '/board', file: './board.js', roles: ALL },
  { path: '/wall', file: './wall.js', roles: ALL, bare: true },
  { path: '/desk', file: './desk.js', roles: ['admin', 'manager', 'clerk'] },
  { path: '/order', file: './order.js', roles: ['admin', 'manager', 'clerk', 'technician'], bare: true, below: true },
  { path: '/jobs', file: './jobs.js', roles: ['technician'] },
  { path: '/manager', file: './manager.js', roles: ['admin', 'manager'] },
  { path: '/admin', file: './admin.js', roles: ['admin'] },
];

// Where somebody begins.
export const HOME = { technician: '/jobs', clerk: '/desk', manager: '/manager' };
export const homeOf = (role) => HOME[role] || '/board';
export const routeOf = (path) => ROUTES.find((route) => (route.below ? path.startsWith(`${route.path}/`) : route.path === path));
export const routesFor = (role) => ROUTES.filter((route) => !route.below && route.roles.includes(role));
