/** Puts the parts of the page together. */

import { setUpAsking } from "./ask.js";
import { forget, setUpConversations } from "./conversation.js";
import { addUploaded, setUpDocuments } from "./documents.js";
import { setUpSession } from "./session.js";
import { setUpUploads } from "./uploads.js";
import { setUpViewer } from "./viewer.js";

setUpSession();
setUpViewer();
setUpConversations();
setUpAsking();
setUpUploads(addUploaded);
setUpDocuments(forget);
