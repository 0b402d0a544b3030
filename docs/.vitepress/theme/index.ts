/** The default theme, with narrow cells in tables. */
import DefaultTheme from 'vitepress/theme';
import './tables.css';

export default DefaultTheme;
