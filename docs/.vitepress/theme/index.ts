/** The default theme, with wider text for tables. */
import DefaultTheme from 'vitepress/theme';
import './tables.css';

export default DefaultTheme;
