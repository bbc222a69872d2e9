// The inbox and its conversation. Reading and replying work without any of this.
import "./list.js";
import "./conversation.js";
import "./composer.js";
import "./drafts.js";
import "./keys.js";
