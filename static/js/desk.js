// The inbox and its conversation. Reading and replying work without any of this.
import "./panes.js";
import "./history.js";
import "./roving.js";
import "./search.js";
import "./list.js";
import "./selection.js";
import "./views.js";
import "./conversation.js";
import "./head.js";
import "./composer.js";
import "./tag-menu.js";
import "./verdicts.js";
import "./drafts.js";
