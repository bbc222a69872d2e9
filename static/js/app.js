// Loaded on every page: what the small modules beside it do must also work, more slowly, without them.
import "./notices.js";
import "./menus.js";
import "./confirm.js";
import "./theme.js";
import "./busy.js";
import "./told.js";
import "./keys.js";
import "./sheet.js";
import "./palette.js";
import "./live.js";
