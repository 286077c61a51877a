import '../style.css';
import './dashboard.css';
import { App } from './app';

const app = new App();
void app.start();
