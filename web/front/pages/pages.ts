/** The script of the pages. Everything that they are for works without it. */

import { startBackLink } from "./back-link";
import { startExitPage } from "./exit-page";
import { startMapChoice } from "./map-choice";
import { startNearMe } from "./near-me";
import { startOffline } from "./offline";
import { startPanels } from "./panels";
import { startPrint } from "./print";
import { startSearchControls } from "./search-controls";
import { startSliders } from "./sliders";
import { startSuggestions } from "./suggestions";
import { startUpdates } from "./update";

startExitPage();
startPanels();
startUpdates();
startSearchControls();
startSuggestions();
startNearMe();
startMapChoice();
startBackLink();
startPrint();
startSliders();
startOffline();
